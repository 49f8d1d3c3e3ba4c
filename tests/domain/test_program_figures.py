"""A program's figures: each has its formula, and activity looks back on whole business days."""

from datetime import date

from gateway.domain.program_figures import FORMULAS, ProgramActivity, active_since


def test_who_came_within_thirty_business_days_is_active() -> None:
    """Today is one of them, and the day before the first is none."""
    assert active_since(date(2026, 3, 30)) == date(2026, 3, 1)


def test_every_figure_has_its_formula() -> None:
    """Whoever reads it can work it out anew."""
    assert set(FORMULAS) == set(ProgramActivity.__slots__)
    assert "30 business days" in FORMULAS["active_since"]
