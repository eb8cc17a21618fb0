"""Parquet read by ranges: pyarrow's own client in C++, s3fs over aiobotocore, DuckDB with its own and with s3fs."""

import sys

import pytest
from tests.clients import installed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("parquet")]

DUCKDB = "1.5.5"  # the extension is for this one alone
WANTED = (
    "pyarrow>=18", "s3fs>=2025.1", f"duckdb=={DUCKDB}", f"duckdb-extension-httpfs=={DUCKDB}",
    f"duckdb-extensions=={DUCKDB}",
)  # fmt: skip

MAKE = """
import os, sys
from urllib.parse import urlsplit
import pyarrow as pa, pyarrow.compute as pc, pyarrow.parquet as pq

bucket, host = sys.argv[1], urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc
rows = 100_000
table = pa.table({
    "n": range(rows), "kind": [f"kind {n % 7}" for n in range(rows)], "noise": os.urandom(rows * 8).hex(" ", 8).split(),
})
"""
PYARROW = """
from pyarrow import dataset, fs
s3 = fs.S3FileSystem(endpoint_override=host, scheme="http")
s3.create_dir(f"{bucket}/plain")
pq.write_table(table, f"{bucket}/plain/t.parquet", filesystem=s3, row_group_size=5_000)
assert s3.get_file_info(f"{bucket}/plain/t.parquet").size > 1_000_000
assert s3.get_file_info(f"{bucket}/none").type == fs.FileType.NotFound
file = pq.ParquetFile(s3.open_input_file(f"{bucket}/plain/t.parquet"))
assert file.metadata.num_row_groups == 20
assert file.read_row_group(3, columns=["n"])["n"][0].as_py() == 15_000
few = pq.read_table(f"{bucket}/plain/t.parquet", filesystem=s3, columns=["n"], filters=[("n", ">=", 99_990)])
assert few["n"].to_pylist() == list(range(99_990, 100_000))
pq.write_to_dataset(table, f"{bucket}/parts", filesystem=s3, partition_cols=["kind"])
parts = dataset.dataset(f"{bucket}/parts", filesystem=s3, partitioning="hive")
assert len(parts.files) == 7 and parts.count_rows(filter=pc.field("kind") == "kind 3") == 14_286
with s3.open_output_stream(f"{bucket}/large") as large:
    for number in range(12):
        large.write(bytes([number]) * 1024**2)
with s3.open_input_file(f"{bucket}/large") as large:
    large.seek(7 * 1024**2 - 1)
    assert large.read(2) == bytes([6, 7])
s3.copy_file(f"{bucket}/large", f"{bucket}/copied")
s3.move(f"{bucket}/copied", f"{bucket}/moved")
names = sorted(one.base_name for one in s3.get_file_info(fs.FileSelector(bucket)))
assert names == ["large", "moved", "parts", "plain"], names
s3.delete_dir_contents(f"{bucket}/parts")
s3.delete_file(f"{bucket}/moved")
print("ok")
"""
S3FS = """
import fsspec, s3fs
s3 = s3fs.S3FileSystem()
with s3.open(f"{bucket}/t.parquet", "wb") as file:
    pq.write_table(table, file, row_group_size=5_000)
assert pq.read_table(f"s3://{bucket}/t.parquet", filesystem=s3, columns=["n"]).num_rows == rows
with s3.open(f"{bucket}/t.parquet", "rb", block_size=2**16) as file:
    assert pq.ParquetFile(file).read_row_group(19, columns=["n"])["n"][-1].as_py() == rows - 1
s3.pipe({f"{bucket}/tree/{name}": name.encode() for name in ("a", "b/c", "b/d")})
assert sorted(s3.find(f"{bucket}/tree")) == [f"{bucket}/tree/{name}" for name in ("a", "b/c", "b/d")]
assert s3.glob(f"{bucket}/tree/b/*") == [f"{bucket}/tree/b/c", f"{bucket}/tree/b/d"]
assert s3.cat_file(f"{bucket}/tree/b/c", start=1) == b"/c" and s3.cat_ranges([f"{bucket}/tree/b/c"], [0], [1]) == [b"b"]
with s3.open(f"{bucket}/long", "wb", block_size=5 * 2**20) as file:
    for number in range(12):
        file.write(bytes([number]) * 2**20)
assert s3.info(f"{bucket}/long")["size"] == 12 * 2**20 and s3.tail(f"{bucket}/long", 1) == bytes([11])
s3.setxattr(f"{bucket}/tree/a", color="green")
assert s3.metadata(f"{bucket}/tree/a") == {"color": "green"}
s3.touch(f"{bucket}/empty")
s3.copy(f"{bucket}/tree", f"{bucket}/other", recursive=True)
s3.rm(f"{bucket}/tree", recursive=True)
s3.mv(f"{bucket}/other/a", f"{bucket}/other/z")
assert not s3.exists(f"{bucket}/tree") and s3.du(f"{bucket}/other") == 7
s3.rm(f"{bucket}/other", recursive=True)
try:
    s3.cat(f"{bucket}/none")
except FileNotFoundError:
    with fsspec.open(f"s3://{bucket}/long", "rb") as file:
        print("ok" if file.read(1) == bytes(1) else "another")
"""
DUCKDB_OVER_S3FS = """
import duckdb, s3fs
s3 = s3fs.S3FileSystem()
with s3.open(f"{bucket}/t.parquet", "wb") as file:
    pq.write_table(table, file, row_group_size=5_000)
duckdb.register_filesystem(s3)
assert duckdb.sql(f"SELECT sum(n) FROM 's3://{bucket}/t.parquet' WHERE n < 10").fetchone() == (45,)
duckdb.sql(f"COPY (SELECT kind, count(*) AS c FROM 's3://{bucket}/t.parquet' GROUP BY kind) TO 's3://{bucket}/c.parquet'")
assert duckdb.sql(f"SELECT sum(c) FROM 's3://{bucket}/c.parquet'").fetchone() == (rows,)
print("ok")
"""
DUCKDB_BY_ITSELF = """
import duckdb
from duckdb_extensions import import_extension
import_extension("httpfs")
db = duckdb.connect()
db.sql("LOAD httpfs")
where = f"REGION 'us-east-1', ENDPOINT '{host}', URL_STYLE 'path', USE_SSL false"
db.sql(f"CREATE SECRET (TYPE s3, KEY_ID 'test', SECRET 'test', {where})")
made = f"SELECT range AS n, range % 7 AS kind FROM range({rows})"
db.sql(f"COPY ({made}) TO 's3://{bucket}/t.parquet' (ROW_GROUP_SIZE 5000)")
assert db.sql(f"SELECT sum(n) FROM 's3://{bucket}/t.parquet' WHERE n < 10").fetchone() == (45,)
db.sql(f"COPY (FROM 's3://{bucket}/t.parquet') TO 's3://{bucket}/parts' (FORMAT parquet, PARTITION_BY kind)")
found = db.sql(f"SELECT count(*) FROM read_parquet('s3://{bucket}/parts/*/*.parquet') WHERE kind = 3").fetchone()
assert found == (14_286,)
assert len(db.sql(f"FROM glob('s3://{bucket}/parts/**')").fetchall()) == 7
print("ok")
"""


@pytest.mark.parametrize("reader", [PYARROW, S3FS, DUCKDB_OVER_S3FS, DUCKDB_BY_ITSELF])
def test_a_reader(freehold, name, reader):
    place = installed.packages("analytics", *WANTED)
    freehold.client("s3").create_bucket(Bucket=name)
    done = freehold.run(
        sys.executable, "-c", MAKE + reader, name, PYTHONPATH=str(place), AWS_EC2_METADATA_DISABLED="true"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "ok"), done.stderr
