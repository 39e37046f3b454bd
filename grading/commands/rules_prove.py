"""`grading rules prove PACK`: what holds of a rule pack in every inspection there could be."""

from __future__ import annotations

import json
from pathlib import Path

import click

from grading.commands.common import Exit
from grading.commands.rules_pack import find_pack, pack_argument, rules_option
from grading.commands.writing import write_out
from grading.policy.proof.certificate import certificate
from grading.policy.proof.document import proof_document
from grading.policy.proof.prove import prove as proved


@click.command()
@pack_argument
@rules_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def prove(reference: str, rules: Path | None, form: str, out: Path | None) -> int:
    """Prove of the rule pack PACK, by looking at every state of each ladder and all evidence on criteria:

    every state gets exactly one grade; no grade depends on which of two rungs is read first; better
    evidence lowers no grade; every rung, limiter and condition decides something; everything that is
    asked about matters; no unknown is treated as an answer. Where a claim fails, the smallest
    inspection that shows it is told. Exit code 1 where one fails, or where there was too much to look at.
    """
    pack = find_pack(reference, rules).load()
    proof = proved(pack)
    if form == "json":
        document = proof_document(pack, proof)
        write_out(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", out)
    else:
        write_out(certificate(pack, proof), out)
    return Exit.PROBLEMS_FOUND if proof.failures or proof.unseen else Exit.DONE
