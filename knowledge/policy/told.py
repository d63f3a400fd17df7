"""A verdict in words: one or two short sentences for the ear, the whole with its sections for the eye."""

from collections.abc import Iterator, Sequence

from knowledge.policy.documents import Document
from knowledge.policy.loading import Library
from knowledge.policy.rules import Decided
from knowledge.policy.shapes import Section
from knowledge.policy.verdict_wording import VerdictWording
from knowledge.policy.verdicts import Assessor, Judged, Verdict

MOST_POINTS = 3
"""Points of what the text leaves open that are spoken when somebody wants to hear more."""


def spoken(verdict: Verdict, assessor: Assessor) -> str:
    """What the text says and who decides, in one or two sentences."""
    words = assessor.wording.spoken
    who = verdict.ask_whom[0] if verdict.ask_whom else words.official
    if not (verdict.members and verdict.rule_id == verdict.members[0].rule_id):
        return _of_group(verdict, assessor.wording, who)
    judged = verdict.members[0]
    if judged.not_in_force:
        return f"{judged.not_in_force}。{words.decides.format(who=who)}"
    if verdict.payee == "provider":
        return words.provider + _to_institution(verdict, judged, assessor, who)
    about = words.about.format(name=judged.benefit.name)
    if verdict.verdict == "unlikely":
        return about + _failed(judged, assessor.wording) + words.decides.format(who=who)
    return about + _result(verdict, judged, assessor) + _who_decides(judged, assessor, who)


def _of_group(verdict: Verdict, wording: VerdictWording, who: str) -> str:
    names = [judged.benefit.name for judged in verdict.members]
    if not names:
        return verdict.gives.says
    if verdict.verdict == "likely":
        return wording.spoken.class_likely.format(name=names[0]) + wording.spoken.decides.format(who=who)
    return wording.spoken.class_possible.format(names=wording.or_.join(names), who=who)


def _to_institution(verdict: Verdict, judged: Judged, assessor: Assessor, who: str) -> str:
    """Nothing more where somebody asks who runs none: that it is not for him has been said."""
    if verdict.verdict == "likely":
        return assessor.wording.spoken.provider_likely.format(who=who)
    return _result(verdict, judged, assessor) if verdict.verdict == "possible" else ""


def _result(verdict: Verdict, judged: Judged, assessor: Assessor) -> str:
    words = assessor.wording.spoken
    if verdict.verdict == "likely":
        return words.likely
    open_ones = [one for one in judged.decided if one.outcome is None]
    if not open_ones:
        return f"{verdict.warnings[0]}。"
    test = open_ones[0].test
    form = words.possible if assessor.facts[test.fact or ""].judged else words.not_known
    return form.format(reason=test.reason)


def _failed(judged: Judged, wording: VerdictWording) -> str:
    failed = [one for one in judged.decided if one.outcome is not None]
    excluding = [one for one in failed if one.against]
    if excluding:
        return wording.spoken.excluded.format(reason=excluding[0].test.reason)
    reasons = list(dict.fromkeys(_condition(one) for one in failed))
    if len(reasons) == 1 or judged.version.when.all:
        return wording.spoken.unlikely.format(reason=reasons[0])
    return wording.spoken.unlikely_any.format(reasons=wording.or_.join(reasons))


def _condition(one: Decided) -> str:
    """As it fits behind 条件是."""
    return (one.test.reason or "").removeprefix("是")


def _who_decides(judged: Judged, assessor: Assessor, who: str) -> str:
    words, target = assessor.wording.spoken, judged.version.target
    caveat = assessor.wording.short_commitments.get(judged.benefit.commitment, "")
    if target and target.by < assessor.day:
        caveat = words.past.format(date=assessor.date(target.by))
    return words.decides_after.format(caveat=caveat, who=who) if caveat else words.decides.format(who=who)


def details(verdict: Verdict, assessor: Assessor) -> str:
    """More of it for the ear: what there is, what the text leaves open, which text it is."""
    document = _document(verdict, assessor.library)
    left_open = verdict.open[:MOST_POINTS]
    parts = [verdict.gives.says, *(f"{point}。" for point in left_open), document.source_spoken]
    return "".join(parts)


def written(verdict: Verdict, assessor: Assessor) -> str:
    """The whole: reasons and statements with their sections, what is open, whom to ask, the source."""
    return "\n".join((spoken(verdict, assessor), *_lines(verdict, assessor)))


def _lines(verdict: Verdict, assessor: Assessor) -> Iterator[str]:
    words, document = assessor.wording.written, _document(verdict, assessor.library)
    yield from (f"· {reason.text}（{reason.section}）" for reason in verdict.reasons)
    offered = verdict.payee != "provider" or verdict.verdict != "unlikely"
    yield words.gives.format(text=verdict.gives.says, sections=_signs(verdict.gives.at))
    if verdict.amount and offered:
        yield words.amount.format(as_written=verdict.amount.as_written, sections=_signs(verdict.amount.at))
    for heading, points in (
        (words.warnings, verdict.warnings), (words.open, verdict.open), (words.ask_whom, verdict.ask_whom),
    ):  # fmt: skip
        if points:
            yield heading.format(text="；".join(point.rstrip("。") for point in points))
    yield words.source.format(document=document.cited_as, sections=_signs(_sections(verdict)))


def _sections(verdict: Verdict) -> Sequence[Section]:
    return tuple(dict.fromkeys((*(reason.section for reason in verdict.reasons), *verdict.gives.at)))


def _signs(signs: Sequence[Section]) -> str:
    return "、".join(signs)


def _document(verdict: Verdict, library: Library) -> Document:
    return library.documents()[verdict.rule_id.partition("/")[0]]
