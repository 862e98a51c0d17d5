"""Files of rule packs: what an overlay changes, and how a mistake is told."""

from datetime import date
from pathlib import Path

import pytest

from backend.core.settings import DEFAULT_RULE_PACK
from backend.ledger import packs
from backend.ledger.rulepack import RulePack

BASE = DEFAULT_RULE_PACK
ADDED = """
[[rule]]
id = "21a"
measure = 20
title = "走访企业"
text = "每年走访企业。"
source = "本市规定第三条"
modality = "must"
treatment = "auto"
subject = "area"
scope = ["area:town"]
certifier = "镇党委"
arithmetic = "每年至少走访1次。"
check = [{ form = "count", kinds = ["visit"], threshold = 1, unit = "次" }]
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return tmp_path / "sanya.toml"


def laid_over(overlay: Path, text: str) -> RulePack:
    overlay.write_text(text, encoding="utf-8")
    return packs.load(BASE, overlay)


def mistake(overlay: Path, text: str) -> str:
    with pytest.raises(packs.WrongPack) as refused:
        laid_over(overlay, text)
    return str(refused.value)


def test_an_overlay_changes_a_threshold_and_nothing_else(overlay: Path) -> None:
    pack = laid_over(
        overlay,
        '[[rule]]\nid = "2k"\ncheck = [{ form = "count", kinds = ["volunteer_service"],'
        ' threshold = 3, unit = "次" }]',
    )
    notice = packs.load(BASE)
    assert [check.threshold for check in pack.by_id["2k"].checks] == [3]
    assert pack.by_id["2k"].title == notice.by_id["2k"].title
    assert pack.by_id["2j"] == notice.by_id["2j"]
    assert [rule.id for rule in pack.rules] == [rule.id for rule in notice.rules]


def test_an_overlay_changes_a_text(overlay: Path) -> None:
    pack = laid_over(overlay, '[[rule]]\nid = "16c"\nshown = "本市不统计。"')
    assert pack.by_id["16c"].shown == "本市不统计。"
    assert pack.by_id["16c"].measure == 16


def test_an_overlay_ends_a_rule(overlay: Path) -> None:
    pack = laid_over(overlay, '[[rule]]\nid = "9d"\nvalid_to = 2026-01-01')
    assert pack.by_id["9d"].valid_to == date(2026, 1, 1)
    assert [pack.by_id["9d"].in_force(year) for year in (2025, 2026)] == [True, False]


def test_an_overlay_adds_a_rule_behind_those_of_the_notice(overlay: Path) -> None:
    pack = laid_over(overlay, ADDED)
    assert len(pack.rules) == 94
    assert pack.rules[-1].id == "21a"


def test_an_overlay_changes_a_number_of_counting_and_a_frequency(overlay: Path) -> None:
    pack = laid_over(
        overlay,
        'name = "sanya"\n[counting]\nlate_after_working_days = 5\n[[frequency]]\n'
        'title = "主题党日"\nform = "count"\nkinds = ["theme_day"]\nperiod = "quarter"\n'
        'unit = "次"',
    )
    assert pack.file.name == "sanya"
    assert pack.counting.late_after_working_days == 5
    assert pack.counting.claim_start_days == packs.load(BASE).counting.claim_start_days
    assert [one.period for one in pack.file.frequencies] == [3]


CHECK = 'check = [{ form = "standing", kinds = ["leader_point"], unit = "个"'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[rule]]\nid = "2k"\nthreshhold = 3', "sanya.toml: rule 2k: threshhold: "),
        ('[[rule]]\nid = "2k"\nmodality = "should"', "sanya.toml: rule 2k: modality: "),
        ('[[rule]]\nid = "2k"\nscope = ["organ_members"]', "sanya.toml: rule 2k: scope.0: "),
        ('[[rule]]\nid = "2c"\nscope = ["area:village"]', "sanya.toml: rule 2c: scope.0: "),
        ('[[rule]]\nid = "2c"\nscope = ["branch"]', "rule 2c: Value error, scopes are of the"),
        (f'[[rule]]\nid = "12d"\n{CHECK}, threshold = 3, most = 2 }}]', "rule 12d: check.0: "),
        (f'[[rule]]\nid = "12d"\n{CHECK}, threshold = 3, most = 2 }}]', "most is not below the"),
        (f'[[rule]]\nid = "12d"\n{CHECK}, sum = "amount" }}]', "rule 12d: check.0: Value error"),
        ('[[rule]]\nid = "20a"\ntarget = { share = 10, judged = ["area:district"] }',
         "sanya.toml: rule 20a: target.share: "),
        ('[[rule]]\nid = "9d"\nvalid_from = 2026-01-01\nvalid_to = 2025-01-01',
         "valid_to is after valid_from"),
        ('[[rule]]\nid = "21a"\ntitle = "新的"', "sanya.toml: rule 21a: measure: Field required"),
        ('[[rule]]\nid = "2k"\n[[rule]]\nid = "2k"', "sanya.toml: rule 2k: stands there twice"),
        ('[[rule]]\ntitle = "x"', "sanya.toml: rule number 1 has no id"),
        ('[rule]\nid = "2k"', "sanya.toml: each rule begins with [[rule]]"),
        ('[[rule]\nid = "2k"', "sanya.toml: "),
        ("valid_from = 2021-01-01", "sanya.toml: an overlay has no valid_from"),
        ('[counting]\nclaim_start_days = "soon"', "sanya.toml: counting.claim_start_days: "),
        ("counting = 3", "sanya.toml: counting is a table"),
        ('[[frequency]]\ntitle = "党日"', "sanya.toml: frequency.0.form: "),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_file_rule_and_field(overlay: Path, text: str, told: str) -> None:
    assert told in mistake(overlay, text)


def test_every_mistake_is_told_at_once(overlay: Path) -> None:
    text = '[[rule]]\nid = "2j"\nmeasure = 21\n[[rule]]\nid = "2k"\nshown = 1'
    lines = mistake(overlay, text).splitlines()
    assert [line.partition(": I")[0] for line in lines] == [
        "sanya.toml: rule 2j: measure",
        "sanya.toml: rule 2k: shown",
    ]


def test_what_is_wrong_in_the_pack_itself_is_told_of_the_pack(
    overlay: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    broken = BASE.read_text(encoding="utf-8").replace('unit = "学时"', "unit = 45", 1)
    own.write_text(broken, encoding="utf-8")
    overlay.write_text('[[rule]]\nid = "2k"\ntitle = "志愿服务"', encoding="utf-8")
    with pytest.raises(packs.WrongPack, match=r"^own.toml: rule 10a: check.0.unit: "):
        packs.load(own, overlay)


def test_a_rule_that_stands_twice_in_the_pack_is_refused(overlay: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(BASE.read_text(encoding="utf-8").replace('id = "2k"', 'id = "2j"'), "utf-8")
    overlay.write_text("", encoding="utf-8")
    for over in (None, overlay):
        with pytest.raises(packs.WrongPack, match=r"^own.toml: rule 2j: stands there twice$"):
            packs.load(own, over)


def test_the_same_content_has_the_same_hash(overlay: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    lines = BASE.read_text(encoding="utf-8").splitlines()
    own.write_text("\n".join(line for line in lines if not line.startswith("#")), "utf-8")
    assert packs.load(own).hash == packs.load(BASE).hash
    assert laid_over(overlay, '[[rule]]\nid = "2k"\nmeasure = 2').hash == packs.load(BASE).hash


def test_a_changed_number_changes_the_hash(overlay: Path) -> None:
    changed = laid_over(overlay, "[counting]\nlate_after_working_days = 11")
    assert changed.hash != packs.load(BASE).hash
    assert len(changed.hash) == 64


def test_only_rules_whose_kinds_come_in_are_computed() -> None:
    posted = frozenset({"volunteer_service", "members_assembly", "worker_entrant", "joint_meeting"})
    assert [rule.id for rule in packs.load(BASE, posted=posted).computed] == [
        "2b",
        "2c",
        "2d",
        "2k",
    ]
