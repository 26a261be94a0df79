"""The document store: by hash, on disk before the row, checked at every read; in a folder and on S3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from core import clock, documents
from core.db import session, transaction
from core.documents import DocumentDamaged, StoredFile
from tests.core.conftest import Installation, MakeInstallation

CONTENT = b"%PDF-1.7 een overeenkomst"


def store(content: bytes = CONTENT) -> str:
    with transaction():
        return documents.store(content, "application/pdf")


def file_of(installation: Installation, sha256: str) -> Path:
    return installation.folder / "bestanden" / sha256[:2] / sha256


def test_what_is_stored_is_read_back_by_its_hash(installation: Installation) -> None:
    sha256 = store()
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert documents.read(sha256) == CONTENT
    row = session().get_one(StoredFile, sha256)
    assert (row.size, row.media_type) == (len(CONTENT), "application/pdf")


def test_an_empty_file_is_a_file(installation: Installation) -> None:
    assert documents.read(store(b"")) == b""


def test_the_same_content_is_kept_once(installation: Installation) -> None:
    first = store()
    changed_at = file_of(installation, first).stat().st_mtime_ns
    assert store() == first
    assert file_of(installation, first).stat().st_mtime_ns == changed_at
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 1


def test_the_same_content_from_several_at_once_is_kept_once_also_while_the_clock_stands_still(
    installation: Installation,
) -> None:
    together = Barrier(4)
    content = b"x" * 3_000_000

    def storing() -> str:
        together.wait(5)
        return store(content)

    with clock.at(clock.now()):
        keys = {future.result() for future in installation.at_once(*[storing] * 4)}
    assert len(keys) == 1
    assert documents.read(keys.pop()) == content
    assert [path.name for path in (installation.folder / "bestanden").rglob("*.deel")] == []


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], CONTENT.replace(b"een", b"EEN"), CONTENT + b" "])
def test_a_damaged_file_is_noticed_at_reading(installation: Installation, damage: bytes) -> None:
    sha256 = store()
    file_of(installation, sha256).write_bytes(damage)
    with pytest.raises(DocumentDamaged, match="beschadigd"):
        documents.read(sha256)


def test_a_file_that_was_cut_short_is_written_again_when_it_is_stored_again(installation: Installation) -> None:
    sha256 = store()
    file_of(installation, sha256).write_bytes(b"")
    store()
    assert documents.read(sha256) == CONTENT


def test_a_missing_file_is_noticed_at_reading(installation: Installation) -> None:
    sha256 = store()
    file_of(installation, sha256).unlink()
    with pytest.raises(DocumentDamaged, match="ontbreekt"):
        documents.read(sha256)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 63, "A" * 64, "0" * 64 + "/..", "é" * 64])
def test_a_key_that_is_no_hash_reads_nothing(installation: Installation, key: str) -> None:
    with pytest.raises(DocumentDamaged, match="geen sleutel"):
        documents.read(key)


def test_a_crash_before_the_commit_leaves_a_file_and_no_row(installation: Installation) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        sha256 = documents.store(CONTENT, "application/pdf")
        raise ZeroDivisionError
    assert documents.read(sha256) == CONTENT
    assert session().get(StoredFile, sha256) is None
    assert store() == sha256


def test_the_row_of_a_file_cannot_be_changed(installation: Installation) -> None:
    row = session().get_one(StoredFile, store())
    with pytest.raises(DBAPIError, match="permission denied"), transaction():
        row.media_type = "text/html"
        session().flush()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket on an S3 server of its own, found by the settings that operations.md names."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    S3FileSystem.clear_instance_cache()
    S3FileSystem().mkdir("knooppunt")
    yield "s3://knooppunt/bestanden"
    server.stop()
    S3FileSystem.clear_instance_cache()


def test_a_store_on_s3_works_the_same(make_installation: MakeInstallation, bucket: str) -> None:
    made = make_installation(files_url=bucket)
    with made.app.app_context():
        from_elsewhere = store()
        assert documents.read(from_elsewhere) == CONTENT
        elsewhere = S3FileSystem()
        (path,) = elsewhere.find("knooppunt")
        assert path.endswith(f"/bestanden/{from_elsewhere[:2]}/{from_elsewhere}")
        elsewhere.pipe_file(path, b"anders")
        with pytest.raises(DocumentDamaged, match="beschadigd"):
            documents.read(from_elsewhere)
        store()
        assert documents.read(from_elsewhere) == CONTENT
        elsewhere.rm("knooppunt/bestanden", recursive=True)
        with pytest.raises(DocumentDamaged, match="ontbreekt"):
            documents.read(from_elsewhere)
