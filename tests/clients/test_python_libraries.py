"""Libraries of PyPI that stand on boto3: Django's storages, smart_open and PynamoDB, each as its manual shows."""

import sys

import pytest
from tests.clients import installed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("python-libraries")]

WANTED = ("django>=5", "django-storages[s3]>=1.14", "smart-open[s3]>=7", "pynamodb>=6")

DJANGO = """
import sys
from urllib.request import urlopen
from django.conf import settings
options = {"bucket_name": sys.argv[1], "location": "media", "file_overwrite": False, "default_acl": None}
storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
static = {"BACKEND": "storages.backends.s3.S3ManifestStaticStorage", "OPTIONS": {**options, "location": "static"}}
settings.configure(STORAGES={"default": storage, "staticfiles": static}, USE_TZ=True, STATIC_URL="/static/")
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage as files
from django.contrib.staticfiles.storage import staticfiles_storage
name = files.save("a b/hat ü.txt", ContentFile(b"straw"))
assert files.exists(name) and files.size(name) == 5 and files.open(name).read() == b"straw"
assert files.save(name, ContentFile(b"felt")) != name
assert len(files.listdir("a b")[1]) == 2 and files.listdir("")[0] == ["a b"]
assert files.get_modified_time(name).tzinfo
link = files.url(name)
assert "Signature=" in link and urlopen(link).read() == b"straw"
with files.open("written.txt", "wb") as file:
    file.write(b"x" * 6 * 1024**2)
    file.write(b"the end")
assert files.size("written.txt") == 6 * 1024**2 + 7
with files.open("written.txt") as file:
    file.seek(-3, 2)
    assert file.read() == b"end"
files.delete(name)
assert not files.exists(name)
staticfiles_storage.save("site.css", ContentFile(b"a{}"))
assert staticfiles_storage.exists("site.css")
print("ok")
"""
SMART_OPEN = """
import sys
from smart_open import open, s3
place = f"s3://{sys.argv[1]}"
lines = [f"line {number}" for number in range(10_000)]
with open(f"{place}/lines.txt.gz", "w") as file:
    file.write("\\n".join(lines))
with open(f"{place}/lines.txt.gz") as file:
    assert [line.rstrip() for line in file] == lines
with open(f"{place}/big", "wb", transport_params={"min_part_size": 5 * 1024**2}) as file:
    for number in range(12):
        file.write(bytes([number]) * 1024**2)
with open(f"{place}/big", "rb", transport_params={"defer_seek": True}) as file:
    file.seek(5 * 1024**2 - 1)
    assert file.read(2) == bytes([4, 5])
try:
    open(f"{place}/none")
except OSError:
    pass
found = {key: len(content) for key, content in s3.iter_bucket(sys.argv[1], workers=1)}
assert set(found) == {"lines.txt.gz", "big"} and found["big"] == 12 * 1024**2
print("ok")
"""
PYNAMODB = """
import os, sys
from datetime import datetime, timedelta, timezone
from pynamodb.attributes import *
from pynamodb.connection import Connection
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

class ByColor(GlobalSecondaryIndex):
    class Meta:
        index_name, projection, billing_mode = "by-color", AllProjection(), "PAY_PER_REQUEST"
    color = UnicodeAttribute(hash_key=True)
    price = NumberAttribute(range_key=True)

class Hat(Model):
    class Meta:
        table_name, host, region = sys.argv[1], os.environ["AWS_ENDPOINT_URL"], "us-east-1"
        billing_mode = "PAY_PER_REQUEST"
    shop = UnicodeAttribute(hash_key=True)
    n = NumberAttribute(range_key=True)
    color = UnicodeAttribute(default="red")
    price = NumberAttribute(default=1)
    tags = UnicodeSetAttribute(null=True)
    made = UTCDateTimeAttribute(null=True)
    more = JSONAttribute(null=True)
    raw = BinaryAttribute(null=True, legacy_encoding=False)
    version = VersionAttribute()
    by_color = ByColor()

Hat.create_table(wait=True)
assert Hat.exists()
now = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
Hat("a", 1, tags={"x", "y"}, made=now, more={"deep": [1]}, raw=b"\\x00\\xff").save()
hat = Hat.get("a", 1, consistent_read=True)
assert (hat.tags, hat.made, hat.more, hat.raw, hat.version) == ({"x", "y"}, now, {"deep": [1]}, b"\\x00\\xff", 1)
hat.update(actions=[Hat.price.add(4), Hat.tags.delete({"y"}), Hat.color.set("blue")], condition=Hat.price < 5)
assert (hat.price, hat.tags, hat.color, hat.version) == (5, {"x"}, "blue", 2)
try:
    Hat("a", 1).save()
    raise SystemExit("an older version was saved")
except PutError as error:
    assert error.cause_response_code == "ConditionalCheckFailedException"
with Hat.batch_write() as batch:
    for n in range(10, 60):
        batch.save(Hat("b", n, price=n))
assert [hat.n for hat in Hat.query("b", Hat.n.between(20, 24), scan_index_forward=False)] == [24, 23, 22, 21, 20]
assert len(list(Hat.query("b", filter_condition=Hat.price >= 55, page_size=7))) == 5
assert [hat.n for hat in Hat.by_color.query("blue", Hat.price > 1)] == [1]
assert Hat.count("b") == 50 and len(list(Hat.scan(limit=7))) == 7
assert sorted(hat.n for hat in Hat.batch_get([("b", 10), ("b", 11), ("b", 99)])) == [10, 11]
connection = Connection(host=Hat.Meta.host, region="us-east-1")
try:
    with TransactWrite(connection=connection) as transaction:
        transaction.save(Hat("c", 1))
        transaction.condition_check(Hat, "b", 10, condition=Hat.price > 100)
    raise SystemExit("a transaction went through")
except TransactWriteError as error:
    assert [one and one.code for one in error.cancellation_reasons] == ["ConditionalCheckFailed", None]
hat.delete()
try:
    Hat.get("a", 1)
except DoesNotExist:
    Hat.delete_table()
    print("ok")
"""


@pytest.mark.parametrize("library", [DJANGO, SMART_OPEN, PYNAMODB])
def test_a_library(freehold, name, library):
    place = installed.packages("storages", *WANTED)
    if library is not PYNAMODB:
        freehold.client("s3").create_bucket(Bucket=name)
    done = freehold.run(sys.executable, "-c", library, name, PYTHONPATH=str(place))
    assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
