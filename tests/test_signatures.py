"""Signatures over the head of a chain, made and checked on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from grading.record.chain import Entry
from tests.test_bad_input import Grading, grading, home
from tests.test_store import edit, keep

__all__ = ["grading", "home"]

PEM, PKCS8 = Encoding.PEM, PrivateFormat.PKCS8
VERIFY = ("audit", "verify", "--signature", "signature.json", "--public-key", "public.pem")


def keys(folder: Path, seed: int, name: str = "") -> None:
    """A private key and its public one, in `NAMEkey.pem` and `NAMEpublic.pem`."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    private = key.private_bytes(PEM, PKCS8, NoEncryption())
    public = key.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}key.pem").write_bytes(private)
    (folder / f"{name}public.pem").write_bytes(public)


@pytest.fixture
def signed(home: Path, grading: Grading, monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """A store with two entries, signed into `signature.json`."""
    monkeypatch.setenv("GRADING_STORE", str(home / "store"))
    entries = [keep(home / "store", text) for text in ("one", "two")]
    keys(home, 7)
    told = grading("audit", "sign", "--key", "key.pem", "--out", "signature.json")
    assert (told.code, told.out, told.err) == (0, "", "")
    return entries


def test_a_signature_holds_for_all_that_was_recorded_until_then(
    home: Path, signed: list[Entry], grading: Grading
) -> None:
    made = json.loads((home / "signature.json").read_text())
    assert made["head"] == {"number": 2, "entry": signed[1].digest}
    assert grading("audit", "sign", "--key", "key.pem").out == (home / "signature.json").read_text()
    last = keep(home / "store", "three")
    told = grading(*VERIFY)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "3 entries and 3 records are as they were written",
        f"head {last.digest}",
        "signed up to entry 2, by the key that was named",
    ]


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_signed(
    home: Path, signed: list[Entry], grading: Grading
) -> None:
    (home / "store").rename(home / "old")
    for text in ("one", "other", "three"):
        keep(home / "store", text)
    assert grading("audit", "verify").code == 0
    told = grading(*VERIFY)
    assert told.code == 5
    assert told.out.splitlines()[:2] == [
        "signature.json:1:1: A128 the chain does not have entry 2 as it was signed"
        " (find the store that was signed)",
        "3 entries and 3 records are as they were written",
    ]


@pytest.mark.parametrize("field", ["number", "entry", "signature", "public_key"])
def test_a_changed_signature_does_not_hold(
    field: str, home: Path, signed: list[Entry], grading: Grading
) -> None:
    made = json.loads((home / "signature.json").read_text())
    part = made["head"] if field in made["head"] else made
    old = part[field]
    part[field] = 1 if field == "number" else ("0" if old[0] != "0" else "1") + old[1:]
    if field == "entry":
        part["number"], part["entry"] = 1, signed[0].digest  # an entry that is there
    (home / "signature.json").write_text(json.dumps(made))
    told = grading(*VERIFY)
    assert told.code == 5
    assert told.out.startswith(
        "signature.json:1:1: A127 the signature is not by this key, or was changed"
    )


def test_a_signature_by_another_key_does_not_hold(
    home: Path, signed: list[Entry], grading: Grading
) -> None:
    keys(home, 8, "other-")
    assert grading(*VERIFY[:-1], "other-public.pem").code == 5
    told = grading("audit", "sign", "--key", "other-key.pem", "--out", "signature.json")
    assert told.code == 0
    assert grading(*VERIFY).code == 5
    assert grading(*VERIFY[:-1], "other-public.pem").code == 0


def test_a_store_that_was_changed_is_not_signed(
    home: Path, signed: list[Entry], grading: Grading
) -> None:
    edit(home / "store/entries/000001.json", b"2017", b"2018")
    told = grading("audit", "sign", "--key", "key.pem")
    assert (told.code, told.out) == (5, "")
    assert "A122 entry 1 was changed" in told.err


def test_what_is_no_key_and_no_signature_is_told(
    home: Path, signed: list[Entry], grading: Grading
) -> None:
    curve = generate_private_key(SECP256R1())
    (home / "curve.pem").write_bytes(curve.private_bytes(PEM, PKCS8, NoEncryption()))
    locked = Ed25519PrivateKey.generate()
    (home / "locked.pem").write_bytes(
        locked.private_bytes(PEM, PKCS8, BestAvailableEncryption(b"x"))
    )
    for key in ("curve.pem", "locked.pem", "public.pem", "signature.json"):
        told = grading("audit", "sign", "--key", key)
        assert (told.code, told.out) == (3, "")
        assert told.err.startswith(
            f"{key}:1:1: E812 this is no private Ed25519 key in PEM without a password"
        )
    assert "E812 this is no public" in grading(*VERIFY[:-1], "key.pem").err
    assert "E101" in grading(*VERIFY[:-1], "nowhere.pem").err
    (home / "signature.json").write_text("{}")
    assert "E813 this is no signature" in grading(*VERIFY).err
    assert grading(*VERIFY[:4]).code == 2


def test_without_the_package_it_is_said_what_to_install(
    home: Path, signed: list[Entry], grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    for words in (("audit", "sign", "--key", "key.pem"), VERIFY):
        told = grading(*words)
        assert (told.code, told.out) == (2, "")
        assert "install inspection-grading[signatures]" in told.err
    assert grading("audit", "verify").code == 0
