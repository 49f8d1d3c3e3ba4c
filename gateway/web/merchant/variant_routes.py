"""The merchant's pages about variants of a program: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import Access, Door
from gateway.web.merchant import variant_trials, variants
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

_READ = Access(Door.MERCHANT, Permission.PROGRAMS_READ)
_WRITE = Access(Door.MERCHANT, Permission.PROGRAMS_WRITE)
_LIST = "/merchant/programs/{program_id}/variants"
_ONE = f"{_LIST}/{{experiment_id}}"

MERCHANT_VARIANTS = (
    Route("GET", _LIST, variants.variants_page, _READ, style=Style.PAGE),
    Route("GET", _ONE, variant_trials.trial_page, _READ, style=Style.PAGE),
    Route(
        "GET",
        f"{_ONE}/end",
        variant_trials.end_trial_page,
        _WRITE,
        takes=variant_trials.EndQuery,
        style=Style.PAGE,
    ),
    *(
        Route("POST", path, handler, _WRITE, takes=Fields, style=Style.PAGE)
        for path, handler in (
            (_LIST, variants.begin_trial),
            (f"{_ONE}/start", variant_trials.start_trial),
            (f"{_ONE}/end", variant_trials.end_trial),
        )
    ),
)
