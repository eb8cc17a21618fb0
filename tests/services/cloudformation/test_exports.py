"""Exports: one owner a name, and nobody takes away what others use."""

OUTPUTS = {"Out": {"Value": "v", "Export": {"Name": "shared"}}}


def test_a_name_is_exported_once(stacks):
    body = stacks.template({"H": stacks.HANDLE}, Outputs=OUTPUTS)
    first = stacks.create("first", body)
    expected = {"ExportingStackId": first["StackId"], "Name": "shared", "Value": "v"}
    assert stacks.client.list_exports()["Exports"] == [expected]
    stacks.client.create_stack(StackName="second", TemplateBody=body)
    assert stacks.settled("second")["StackStatus"] == "ROLLBACK_COMPLETE"
    words = f"Export with name shared is already exported by stack {first['StackId']}. Rollback requested by user."
    assert stacks.reason("second", "second", "ROLLBACK_IN_PROGRESS") == words


def test_what_is_imported_stays(stacks):
    stacks.create("owner", stacks.template({"H": stacks.HANDLE}, Outputs=OUTPUTS))
    user = stacks.template({"H": stacks.HANDLE}, Outputs={"Got": {"Value": {"Fn::ImportValue": "shared"}}})
    assert stacks.create("user", user)["Outputs"][0]["OutputValue"] == "v"
    assert stacks.client.list_imports(ExportName="shared")["Imports"] == ["user"]
    stack = stacks.delete("owner")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert stack["StackStatusReason"] == "Export shared cannot be deleted as it is in use by user"
    assert stacks.delete("user")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.delete("owner")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.client.list_exports()["Exports"] == []


def test_an_import_that_nobody_exports(stacks):
    queue = stacks.queue(QueueName={"Fn::ImportValue": "absent"})
    stacks.client.create_stack(StackName="lonely", TemplateBody=stacks.template({"Q": queue}))
    assert stacks.settled("lonely")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.reason("lonely", "Q", "CREATE_FAILED") == "No export named absent found."
