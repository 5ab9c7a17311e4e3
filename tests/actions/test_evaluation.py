"""How messages are scored: labels, forms, out-of-scope, calibration."""

from pathlib import Path

import pytest

from actions import evaluation


def parsed(*ranking: tuple[str, float]) -> dict:
    names = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return {"intent": names[0], "intent_ranking": names}


def test_a_file_and_a_folder_say_the_same(tmp_path: Path) -> None:
    table = tmp_path / "messages.csv"
    table.write_text("form,service_id,text\nte,income_certificate,hello there\nen,out_of_scope,tell a joke\n", "utf-8")
    for form, intent, text in [
        ("te", "apply/income_certificate", "hello there"),
        ("en", "out_of_scope", "tell a joke"),
    ]:
        (tmp_path / "set" / form).mkdir(parents=True)
        content = f"nlu:\n- intent: {intent}\n  examples: |\n    - {text}\n"
        (tmp_path / "set" / form / "services.yml").write_text(content, "utf-8")
    assert sorted(evaluation.read_messages(table)) == sorted(evaluation.read_messages(tmp_path / "set"))


@pytest.mark.parametrize(
    ("name", "label"),
    [("apply/income_certificate", "income_certificate"), ("greet", "dialog/greet"), ("out_of_scope", "out_of_scope")],
)
def test_an_intent_has_the_name_that_files_use(name: str, label: str) -> None:
    assert evaluation.label(name) == label


def test_accuracy_counts_any_acceptable_label_first_and_among_three() -> None:
    messages = [
        ("te", frozenset({"a", "b"}), "x"),
        ("te", frozenset({"c"}), "y"),
        ("en", frozenset({"out_of_scope"}), "z"),
    ]
    parses = [parsed(("pay/b", 0.9)), parsed(("pay/a", 0.6), ("pay/c", 0.3)), parsed(("out_of_scope", 0.8))]
    scored = evaluation.score(messages, parses)
    te, en, both = evaluation.accuracies(scored)
    assert (te.top1, te.top3, en.top1, both.count) == (0.5, 1.0, 1.0, 3)
    assert evaluation.out_of_scope(scored) == (1.0, 0.0)
    assert evaluation.confusions(scored) == [("c", "a", 1)]
    assert evaluation.calibration_error(scored) == pytest.approx((0.1 + 0.6 + 0.2) / 3)
