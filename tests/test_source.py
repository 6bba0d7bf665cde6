"""The door for source texts."""

import hashlib
from pathlib import Path

import pytest

from policygraph.errors import UnreadableInput
from policygraph.text.source import Source, check_hash, read_source

TEXT = "第一条\r\n数据\n"


def refusal(path: Path) -> UnreadableInput:
    with pytest.raises(UnreadableInput) as caught:
        read_source(path)
    assert str(path) in caught.value.message()
    assert caught.value.message("zh") != caught.value.message("en")
    assert caught.value.mend()
    return caught.value


def written(folder: Path, data: bytes) -> Path:
    path = folder / "source.txt"
    path.write_bytes(data)
    return path


def test_a_source_keeps_its_bytes_hash_and_line_ends(tmp_path: Path) -> None:
    data = TEXT.encode()
    path = written(tmp_path, data)
    assert read_source(path) == Source(path, data, hashlib.sha256(data).hexdigest(), TEXT)


def test_a_byte_order_mark_is_in_the_bytes_but_not_in_the_text(tmp_path: Path) -> None:
    source = read_source(str(written(tmp_path, b"\xef\xbb\xbf" + TEXT.encode())))
    assert source.text == TEXT
    assert source.data.startswith(b"\xef\xbb\xbf")
    assert source.sha256 == hashlib.sha256(source.data).hexdigest()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.txt").name == "source/missing"


def test_a_folder_is_not_a_source(tmp_path: Path) -> None:
    assert refusal(tmp_path).name == "source/folder"


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    error = refusal(tmp_path / "secret.txt")
    assert (error.name, error.facts) == ("source/unreadable", {"reason": "Permission denied"})


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_a_file_without_text_is_refused(tmp_path: Path, data: bytes) -> None:
    assert refusal(written(tmp_path, data)).name == "source/empty"


@pytest.mark.parametrize(
    ("data", "byte", "position", "guess"),
    [
        ("数据工作".encode("gbk"), "0xCA", 0, "GB18030"),
        (b"2024" + "年数据".encode("gb18030"), "0xC4", 4, "GB18030"),
        ("数据".encode("utf-16"), "0xFF", 0, "UTF-16"),
        (b"\xfe\xff" + "数据".encode("utf-16-be"), "0xFE", 0, "UTF-16"),
        ("数据".encode("utf-32"), "0xFF", 0, "UTF-32"),
        ("Data\n".encode("utf-16-le"), "0x00", 1, "UTF-16LE"),
        ("Data\n".encode("utf-16-be"), "0x00", 0, "UTF-16BE"),
        (b"data \xff\xff", "0xFF", 5, "unknown"),
        (b"\xef\xbb\xbfab\xff", "0xFF", 5, "unknown"),
    ],
)
def test_another_encoding_is_refused_with_its_first_wrong_byte_and_a_guess(
    tmp_path: Path, data: bytes, byte: str, position: int, guess: str
) -> None:
    error = refusal(written(tmp_path, data))
    assert error.name == "source/not-utf8"
    assert error.facts == {"byte": byte, "position": position, "guess": guess}


def test_the_recorded_hash_is_accepted_in_either_case(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, TEXT.encode()))
    check_hash(source, source.sha256)
    check_hash(source, source.sha256.upper() + "\n")


def test_an_altered_source_is_refused_with_both_hashes(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, TEXT.encode()))
    with pytest.raises(UnreadableInput) as caught:
        check_hash(source, "0" * 64)
    assert caught.value.name == "source/altered"
    assert caught.value.facts == {"found": source.sha256, "expected": "0" * 64}
