"""Whose packs this workspace trusts, and what the signature of a pack is worth here."""

from __future__ import annotations

from rule_templates import Pack, key_id, verify
from services.audit import Entry, add
from services.refusal import Refused
from services.workspace import Workspace
from store import settings
from store.database import Session

PREFIX = "pack_key:"


def trust(workspace: Workspace, *, name: str, public: str, user: str) -> dict[str, str]:
    """Trust packs signed by the key whose public half (PEM) is given; return `{key_id, name}`.

    Raises:
        BeihuoError: it is no Ed25519 public key.
    """
    found = key_id(public.encode())
    with workspace.write() as session:
        now = workspace.clock()
        settings.put(session, PREFIX + found, {"name": name, "public": public}, user=user, now=now)
        told = (f"信任 {name} 签名的模板包", f"trusts packs signed by {name}")
        entry = Entry(
            at=now, actor=user, action="pack.trusted", kind="pack_key", key=found, summary=told[0], summary_en=told[1]
        )  # fmt: skip
        add(session, entry)
    return {"key_id": found, "name": name}


def signature_of(session: Session, pack: Pack, *, refuse: bool = False) -> dict[str, str]:
    """Return `{state: none | trusted | unknown | broken, key_id, name}` of the pack's signature.

    Raises:
        Refused: with *refuse*, when it names a trusted key and does not fit: the pack was changed after it was signed.
    """
    signature = pack.document.get("signature")
    if not signature:
        return {"state": "none", "key_id": "", "name": ""}
    named = str(signature["key_id"])
    known = settings.get(session, PREFIX + named)
    if known is None:
        return {"state": "unknown", "key_id": named, "name": ""}
    if verify(pack.document, str(known["public"]).encode()):
        return {"state": "trusted", "key_id": named, "name": known["name"]}
    if refuse:
        raise Refused(
            "invalid",
            f"模板包的签名与 {known['name']} 的密钥不符:签名之后被改动过",
            f"the pack's signature does not fit the key of {known['name']}: it was changed after it was signed",
        )
    return {"state": "broken", "key_id": named, "name": known["name"]}
