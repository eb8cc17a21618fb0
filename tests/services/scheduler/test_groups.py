"""Groups: made, tagged, listed in pages, and deleted with their schedules."""

CONFLICT, INVALID, NOT_FOUND = "ConflictException", "ValidationException", "ResourceNotFoundException"


def test_a_group_is_made_looked_at_and_tagged(town):
    scheduler = town.scheduler
    arn = scheduler.create_schedule_group(Name="night", Tags=[{"Key": "a", "Value": "1"}])["ScheduleGroupArn"]
    assert arn == town.arn("scheduler", "schedule-group/night")
    found = scheduler.get_schedule_group(Name="night")
    assert (found["Arn"], found["State"], found["Name"]) == (arn, "ACTIVE", "night")
    assert found["CreationDate"] == found["LastModificationDate"]
    scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    scheduler.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


def test_refusals_of_groups(town, refused):
    scheduler = town.scheduler
    scheduler.create_schedule_group(Name="night")
    again = refused(scheduler.create_schedule_group, Name="night")
    assert again == (CONFLICT, "Schedule Group night already exists.")
    lacking = (NOT_FOUND, "Schedule Group day does not exist.")
    assert refused(scheduler.get_schedule_group, Name="day") == lacking
    assert refused(scheduler.delete_schedule_group, Name="day") == lacking
    assert refused(scheduler.list_schedules, GroupName="day") == lacking
    day = town.arn("scheduler", "schedule-group/day")
    assert refused(scheduler.tag_resource, ResourceArn=day, Tags=[{"Key": "a", "Value": "1"}]) == lacking
    default = (INVALID, "This operation cannot be performed on schedule group default.")
    assert refused(scheduler.create_schedule_group, Name="default") == default
    assert refused(scheduler.delete_schedule_group, Name="default") == default
    code, words = refused(scheduler.create_schedule_group, Name="a b")
    assert code == INVALID and "Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$" in words


def test_groups_are_listed_by_name_in_pages(town, refused):
    scheduler = town.scheduler
    for name in ("night", "noon", "morning"):
        scheduler.create_schedule_group(Name=name)
    pages = scheduler.get_paginator("list_schedule_groups").paginate(PaginationConfig={"PageSize": 2})
    assert [group["Name"] for page in pages for group in page["ScheduleGroups"]] == [
        "default", "morning", "night", "noon",
    ]  # fmt: skip
    found = scheduler.list_schedule_groups(NamePrefix="n")["ScheduleGroups"]
    assert [group["Name"] for group in found] == ["night", "noon"]
    assert refused(scheduler.list_schedule_groups, NextToken="nonsense!") == (INVALID, "Invalid NextToken.")


def test_a_group_goes_with_its_schedules(own_town, refused, until):
    town, scheduler = own_town, own_town.scheduler
    url, arn = town.queue("due")
    scheduler.create_schedule_group(Name="night")
    for number in range(3):
        town.schedule(f"s{number}", "rate(1 hour)", arn, GroupName="night", StartDate=town.now + 600)
    scheduler.delete_schedule_group(Name="night")
    assert until(lambda: [one["Name"] for one in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"])
    assert scheduler.list_schedules()["Schedules"] == []
    town.aws.advance(7_200)
    assert town.heard(url, wait=0) == []
    scheduler.create_schedule_group(Name="night")
    assert scheduler.list_schedules(GroupName="night")["Schedules"] == []


def test_what_is_asked_twice_with_one_token_is_done_once(town, refused):
    scheduler = town.scheduler
    first = scheduler.create_schedule_group(Name="night", ClientToken="once")
    assert (
        scheduler.create_schedule_group(Name="night", ClientToken="once")["ScheduleGroupArn"]
        == first["ScheduleGroupArn"]
    )
    assert refused(scheduler.create_schedule_group, Name="night", ClientToken="twice")[0] == CONFLICT
    _, arn = town.queue("due")
    town.schedule("s", "rate(1 hour)", arn, ClientToken="once")
    town.schedule("s", "rate(1 hour)", arn, ClientToken="once")
    scheduler.delete_schedule(Name="s", ClientToken="gone")
    scheduler.delete_schedule(Name="s", ClientToken="gone")
    assert refused(scheduler.delete_schedule, Name="s", ClientToken="other")[0] == NOT_FOUND


def test_tags_are_of_the_group_with_that_very_arn(town, refused):
    scheduler = town.scheduler
    arn = scheduler.create_schedule_group(Name="g")["ScheduleGroupArn"]
    strange = arn.replace(town.aws.account, "999988887777")
    assert refused(scheduler.tag_resource, ResourceArn=strange, Tags=[{"Key": "a", "Value": "b"}])[0] == NOT_FOUND
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
