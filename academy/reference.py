"""Organisations and topics as shipped; staff may change names later, a reload keeps their words."""

from __future__ import annotations

import csv
from pathlib import Path

from academy import hooks
from academy.models import Organisation, Topic

DATA = Path(__file__).parent / "data"
KINDS = {
    "health_board": Organisation.Kind.HEALTH_BOARD,
    "nhs_trust": Organisation.Kind.NHS_TRUST,
    "special_health_authority": Organisation.Kind.NATIONAL,
    "nhs_national_function": Organisation.Kind.NATIONAL,
    "nhs_shared_service": Organisation.Kind.NATIONAL,
    "nhs_joint_committee": Organisation.Kind.NATIONAL,
    "improvement_service": Organisation.Kind.NATIONAL,
    "nhs_unit": Organisation.Kind.NATIONAL,
    "government": Organisation.Kind.GOVERNMENT,
    "regulator": Organisation.Kind.GOVERNMENT,
    "public_body": Organisation.Kind.GOVERNMENT,
    "social_care_body": Organisation.Kind.GOVERNMENT,
    "local_authority": Organisation.Kind.LOCAL_AUTHORITY,
    "university": Organisation.Kind.UNIVERSITY,
    "other": Organisation.Kind.OTHER,
}
REGIONS = {
    Organisation.Region.NORTH_WALES: "BCUHB LA-AGY LA-GWN LA-CWY LA-DEN LA-FLN LA-WRX",
    Organisation.Region.POWYS: "PTHB LA-POW",
    Organisation.Region.WEST_WALES: "HDUHB LA-CMN LA-CGN LA-PEM",
    Organisation.Region.WEST_GLAMORGAN: "SBUHB LA-SWA LA-NTL",
    Organisation.Region.CWM_TAF_MORGANNWG: "CTMUHB LA-RCT LA-MTY LA-BGE",
    Organisation.Region.CARDIFF_AND_VALE: "CVUHB LA-CRF LA-VGL",
    Organisation.Region.GWENT: "ABUHB LA-NWP LA-MON LA-TOF LA-BGW LA-CAY",
}
REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes.split()}
SUCCESSORS = {"NHSEXEC": "NHSWPI"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@hooks.reference(order=10)
def organisations() -> str:
    new = Organisation.objects.bulk_create(
        [
            Organisation(
                code=row["code"],
                name_en=row["name_en"],
                name_cy=row["name_cy"],
                kind=KINDS.get(row["kind"], Organisation.Kind.PARTNER),
                status=row["status"],
                region=REGION_OF.get(row["code"], Organisation.Region.ALL_WALES),
                cy_source=row["cy_source"],
                source=row["source"],
            )
            for row in rows("organisations.csv")
        ],
        ignore_conflicts=True,
    )
    by_code = Organisation.objects.in_bulk(field_name="code")
    for former, successor in SUCCESSORS.items():
        Organisation.objects.filter(code=former, successor=None).update(
            successor=by_code[successor]
        )
    return f"{len(new)} organisations"


@hooks.reference(order=20)
def topics() -> str:
    new = Topic.objects.bulk_create(
        [
            Topic(
                slug=row["slug"],
                name_en=row["name_en"],
                name_cy=row["name_cy"],
                group=row["group"],
                cy_source=row["cy_source"],
                source=row["source"],
            )
            for row in rows("topics.csv")
        ],
        ignore_conflicts=True,
    )
    return f"{len(new)} topics"
