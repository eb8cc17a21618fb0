"""x"""
import io
def test_core(aws):
    s3 = aws("s3")
    s3.create_bucket(Bucket=f"b-{aws.account}")
    b = f"b-{aws.account}"
    assert s3.list_buckets()["Buckets"][0]["Name"] == b
    print(s3.put_object(Bucket=b, Key="a/b c", Body=b"hello", Metadata={"X": "y"}, ContentType="text/plain"))
    got = s3.get_object(Bucket=b, Key="a/b c")
    assert got["Body"].read() == b"hello"
    print(got)
    big = b"x" * 300_000
    print(s3.put_object(Bucket=b, Key="big", Body=io.BytesIO(big)))
    g = s3.get_object(Bucket=b, Key="big", Range="bytes=100-20000")
    assert g["Body"].read() == big[100:20001]
    assert s3.get_object(Bucket=b, Key="big", ChecksumMode="ENABLED")["Body"].read() == big
    print(s3.list_objects_v2(Bucket=b, Delimiter="/"))
    print(s3.list_objects(Bucket=b))
    print(s3.list_object_versions(Bucket=b))
    print(s3.head_object(Bucket=b, Key="big"))
    s3.delete_object(Bucket=b, Key="big")
    print(s3.delete_objects(Bucket=b, Delete={"Objects": [{"Key": "a/b c"}]}))
    s3.delete_bucket(Bucket=b)
