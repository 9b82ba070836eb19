"""Which unit should answer, as a proposal with its reasons; the dispatcher decides."""

from internal_bridge.casework.models import Case
from internal_bridge.routing.presenters import SuggestionRow
from internal_bridge.routing.services import suggest_units


def suggested(case: Case) -> list[SuggestionRow]:
    """The best first. Who is kept out is never named, nor is who has given the case back."""
    out = case.exclusions.counting().filter(unit__isnull=False).values_list("unit__code", flat=True)
    given_back = case.assignments.filter(state="returned").values_list("unit__code", flat=True)
    found = suggest_units(
        kind=case.kind,
        title=case.title,
        body=case.body,
        place=case.place,
        named_unit_code=case.unit_code,
        excluded={*out, *given_back},
    )
    return SuggestionRow.rows(found)
