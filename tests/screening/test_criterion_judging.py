import cel
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.screening.criteria import Facts, Judge, check_criterion, digest_of, fact_model, replay_criterion
from pnr_pipeline.screening.criteria.expression import DEPTH_MAX, ExpressionFault, facts_in
from tests.screening.criterion_samples import EXAMPLES, attributes, texts

_OF_FORM = {"^[A-Z]{2}$": ["QX", "QY", "QZ"], "^[A-Z]{3}$": ["QXA", "QXB", "QYA"]}


def _values(fact) -> st.SearchStrategy:
    match fact.kind:
        case "int":
            return st.integers(-5, 800)
        case "bool":
            return st.booleans()
        case "text":
            return st.sampled_from(fact.values or _OF_FORM[fact.form])
        case _:
            return st.lists(st.sampled_from(_OF_FORM[fact.form]), max_size=3)


@st.composite
def all_facts(draw) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = {}
    for name, fact in fact_model().items():
        section, _, field = name.partition(".")
        told.setdefault(section, {})[field] = draw(_values(fact))
    return told


@st.composite
def comparisons(draw) -> str:
    fact = draw(st.sampled_from(list(fact_model().values())))
    match fact.kind:
        case "int":
            return f"{fact.name} {draw(st.sampled_from(['<', '<=', '==', '!=', '>=', '>']))} {draw(st.integers(0, 99))}"
        case "bool":
            return fact.name
        case "text":
            literal = draw(_values(fact))
            return draw(st.sampled_from([f'{fact.name} == "{literal}"', f'{fact.name} in ["{literal}"]']))
        case _:
            return f"size({fact.name}) > {draw(st.integers(0, 3))}"


conditions = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=5,
)


def _judges() -> list[Judge]:
    found = []
    for name in EXAMPLES:
        criterion, _ = check_criterion(texts()[name], name, attributes())
        assert criterion
        found.append(Judge(criterion, digest_of(texts()[name])))
    return found


JUDGES = _judges()


@given(all_facts(), st.sets(st.sampled_from(sorted(fact_model()))))
def test_a_fact_that_is_not_known_makes_no_condition_hold_that_did_not_and_nothing_raises(told, forgotten):
    less = {
        section: {field: value for field, value in of.items() if f"{section}.{field}" not in forgotten}
        for section, of in told.items()
    }
    for judge in JUDGES:
        whole, part = judge.judge_variables(told), judge.judge_variables(less)
        for kind in ("incriminating", "exonerating"):
            for one, other in zip(getattr(part, kind), getattr(whole, kind), strict=True):
                assert one.holds is None or one.holds == other.holds
        assert part.met <= whole.met


@given(conditions, all_facts(), st.sets(st.sampled_from(sorted(fact_model()))))
def test_any_condition_of_the_language_that_is_decided_stays_so_whatever_becomes_known(condition, told, forgotten):
    assert facts_in(condition)
    less = {
        section: {field: value for field, value in of.items() if f"{section}.{field}" not in forgotten}
        for section, of in told.items()
    }
    program = cel.compile(condition)
    whole = program.execute(cel.Context(variables=told))
    assert isinstance(whole, bool)
    try:
        assert program.execute(cel.Context(variables=less)) is whole
    except KeyError:
        assert forgotten


def test_with_no_fact_nothing_fires_and_nothing_holds():
    for judge in JUDGES:
        judgement = judge.judge(Facts())
        assert not judgement.fires
        assert not [one for one in (*judgement.incriminating, *judgement.exonerating) if one.holds is not None]


@given(all_facts())
def test_facts_of_the_model_are_read_and_told_again_without_loss(told):
    assert msgspec.json.encode(msgspec.convert(told, Facts).variables()) == msgspec.json.encode(told)


def test_a_match_tells_every_condition_in_words_with_the_facts_it_looked_at():
    judge = next(one for one in JUDGES if one.criterion.id == "quick-return")
    facts = msgspec.convert(
        {
            "booking": {"lead_hours": 20},
            "payment": {"form": "cash"},
            "journey": {"stay_hours": 26, "one_way": False, "detour_percent": 190},
            "companions": {"count": 0},
        },
        Facts,
    )
    match = judge.match(judge.judge(facts))
    assert (match.list_id, match.entry_id, match.score, match.thresholds) == (
        "criteria:quick-return", "v1", 0.8, (0.8, 0.8),
    )  # fmt: skip
    told = {(one.field, one.traveller): (one.verdict, one.words.partition(":")[0]) for one in match.evidence}
    assert told["incriminating", "journey.stay_hours 26, journey.one_way no"] == ("same", "holds")
    assert told["incriminating", "baggage.pieces not known"] == ("unknown", "not known")
    assert told["exonerating", "companions.count 0"] == ("differs", "does not hold")
    assert all(one.weight == 0 for one in match.evidence)


@pytest.mark.parametrize(
    "wrong",
    [
        "true ? true : false",
        "has(journey.legs)",
        "journey.via.exists(x, x == 'QXA')",
        "journey",
        "journey.legs",
        "1 + 1",
        "journey.legs == 1 == true",
        "journey.legs / 2 > 1",
        "journey.via == 'QXA'",
        "journey.one_way > 1",
        "'QX' in journey.via",
        "payment.form.matches('.*')",
        "journey.legs > 12345678901",
        "journey.legs in [1, 'QXA']",
        "[journey.legs] == [1]",
        "journey.one_way &",
        '"unended',
        "",
        "!" * (DEPTH_MAX + 1) + "journey.one_way",
        "(" * 40 + "journey.one_way" + ")" * 40,
        " || ".join(["journey.one_way"] * 40),
        "[" * 300,
    ],
)
def test_what_is_not_in_the_language_of_conditions_is_refused_at_a_place(wrong):
    with pytest.raises(ExpressionFault) as refused:
        facts_in(wrong)
    assert 0 <= refused.value.offset <= len(wrong)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_conditions_fail_otherwise(text):
    try:
        facts_in(text)
    except ExpressionFault as refused:
        assert 0 <= refused.offset <= len(text)


@pytest.mark.law("RGT-5")
@given(all_facts(), st.sets(st.sampled_from(sorted(fact_model()))))
def test_a_match_is_judged_again_to_the_same_from_its_evidence_and_the_text_alone(told, forgotten):
    less = {
        section: {field: value for field, value in of.items() if f"{section}.{field}" not in forgotten}
        for section, of in told.items()
    }
    for judge, name in zip(JUDGES, EXAMPLES, strict=True):
        match = judge.match(judge.judge_variables(less))
        done = replay_criterion(match, texts()[name])
        assert done.same and done.again == match


def test_a_match_is_not_judged_again_by_another_text():
    match = JUDGES[0].match(JUDGES[0].judge(Facts()))
    assert replay_criterion(match, texts()[EXAMPLES[0]].replace("<=", "<")).again is None
    assert replay_criterion(match, "").again is None
