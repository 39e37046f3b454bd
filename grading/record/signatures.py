"""Signatures over the head of a chain: who holds the key vouches for all that the chain leads to.

Each entry carries the digest of the one before and the id of a record, so that a signature over the
number and digest of the last entry is one over everything recorded until then. A signature is a file
of its own, to be kept away from the store. What is signed is Ed25519 over a fixed first line and the
canonical JSON of number and digest. Keys are those that `openssl genpkey -algorithm ed25519` makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from grading.problems import BadInput, Place, Problem
from grading.record.chain import Entry
from grading.record.integrity import IntegrityBroken
from grading.record.parts import Part, canonical
from grading.record.run_record import Sha256

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_FIRST_LINE = b"inspection-grading, head of a chain, 1.0\n"


class NotInstalled(Exception):
    """The package that makes and checks signatures is not installed."""


class SignedHead(Part):
    """What is signed: the number and digest of an entry."""

    number: int = Field(ge=1)
    entry: Sha256


class Signature(Part):
    """A signature; the public key in it only tells keys apart, and proves nothing."""

    form: Literal["1.0"] = "1.0"
    algorithm: Literal["Ed25519"] = "Ed25519"
    head: SignedHead
    public_key: str = Field(pattern="^[0-9a-f]{64}$")
    signature: str = Field(pattern="^[0-9a-f]{128}$")


def sign(entry: Entry, key: bytes, label: str) -> bytes:
    """The content of a signature file over a chain that ends with the entry.

    The key is PEM, without a password. Raises BadInput where it is no such key, and NotInstalled.
    """
    private = _private_key(key, label)
    head = SignedHead(number=entry.number, entry=entry.digest)
    made = Signature(
        head=head,
        public_key=private.public_key().public_bytes_raw().hex(),
        signature=private.sign(_signed(head)).hex(),
    )
    return canonical(made).encode("utf-8")


def check_signature(
    content: bytes, key: bytes, entries: Iterable[Entry], label: str, key_label: str
) -> SignedHead:
    """The head that was signed with this key, and is in the chain.

    Raises BadInput where the content is no signature or the PEM no public key, IntegrityBroken where
    the signature is of another key or was changed or the chain has no such entry, and NotInstalled.
    """
    public = _public_key(key, key_label)
    try:
        signature = Signature.model_validate_json(content)
    except ValidationError:
        message, hint = "this is no signature", "`grading audit sign` makes one"
        raise BadInput([Problem(Place(label, 1), "E813", message, hint)]) from None
    if not _fits(signature, public):
        message = "the signature is not by this key, or was changed"
        hint = "name the public key of whoever signed"
        raise IntegrityBroken([Problem(Place(label, 1), "A127", message, hint)])
    head = signature.head
    if not any(e.number == head.number and e.digest == head.entry for e in entries):
        message = f"the chain does not have entry {head.number} as it was signed"
        hint = "find the store that was signed"
        raise IntegrityBroken([Problem(Place(label, 1), "A128", message, hint)])
    return head


def _signed(head: SignedHead) -> bytes:
    return _FIRST_LINE + canonical(head).encode("utf-8")


def _fits(signature: Signature, public: Ed25519PublicKey) -> bool:
    from cryptography.exceptions import InvalidSignature

    if public.public_bytes_raw().hex() != signature.public_key:
        return False
    try:
        public.verify(bytes.fromhex(signature.signature), _signed(signature.head))
    except InvalidSignature:
        return False
    return True


def _private_key(pem: bytes, label: str) -> Ed25519PrivateKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise NotInstalled from None
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadInput([_no_key(label, "private")]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput([_no_key(label, "private")])
    return key


def _public_key(pem: bytes, label: str) -> Ed25519PublicKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        raise NotInstalled from None
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise BadInput([_no_key(label, "public")]) from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput([_no_key(label, "public")])
    return key


def _no_key(label: str, which: str) -> Problem:
    public = " -pubout" if which == "public" else ""
    made = "openssl pkey -in KEY" if public else "openssl genpkey -algorithm ed25519"
    message = f"this is no {which} Ed25519 key in PEM without a password"
    return Problem(Place(label, 1), "E812", message, f"`{made}{public}` makes one")
