"""The API's doors to experiments and segments: what each takes, answers and refuses."""

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import NotFound
from gateway.domain.people import Permission
from gateway.services.merchants.experimenting import AnotherRuns, ExperimentCannot
from gateway.services.merchants.segmenting import TooManySegments
from gateway.web.api import experiments, segments
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

_READ = Access(Door.API, Permission.PROGRAMS_READ)
_WRITE = Access(Door.API, Permission.PROGRAMS_WRITE)

_EXPERIMENTS = "/api/v1/programs/{program_id}/experiments"
_EXPERIMENT = _EXPERIMENTS + "/{experiment_id}"
_SEGMENTS = "/api/v1/segments"
_SEGMENT = _SEGMENTS + "/{segment_id}"
_SHOWN_EXPERIMENT = {200: experiments.ShownExperiment}
_SHOWN_SEGMENT = {200: segments.ShownSegment}

EXPERIMENTS = (
    Route(
        "GET",
        _EXPERIMENTS,
        experiments.list_experiments,
        _READ,
        answers={200: experiments.ShownExperiments},
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        _EXPERIMENTS,
        experiments.add_experiment,
        _WRITE,
        takes=experiments.ExperimentDesign,
        answers={201: experiments.ShownExperiment},
        refuses=(NotFound, ConfigurationInvalid),
    ),
    Route(
        "GET",
        _EXPERIMENT,
        experiments.show_experiment,
        _READ,
        answers=_SHOWN_EXPERIMENT,
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        f"{_EXPERIMENT}/report",
        experiments.report_experiment,
        _READ,
        answers={200: experiments.ExperimentReport},
        refuses=(NotFound,),
    ),
    *(
        Route(
            "POST",
            f"{_EXPERIMENT}/{verb}",
            handler,
            _WRITE,
            answers=_SHOWN_EXPERIMENT,
            refuses=(NotFound, ExperimentCannot, AnotherRuns),
            is_conditional=True,
        )
        for verb, handler in (
            ("start", experiments.begin_experiment),
            ("stop", experiments.finish_experiment),
        )
    ),
)

SEGMENTS = (
    Route(
        "GET",
        _SEGMENTS,
        segments.list_segments,
        _READ,
        answers={200: segments.ShownSegments},
    ),
    Route(
        "POST",
        _SEGMENTS,
        segments.add_segment,
        _WRITE,
        takes=segments.SegmentDesign,
        answers={201: segments.ShownSegment},
        refuses=(ConfigurationInvalid, TooManySegments),
    ),
    Route(
        "GET",
        _SEGMENT,
        segments.show_segment,
        _READ,
        answers=_SHOWN_SEGMENT,
        refuses=(NotFound,),
    ),
    Route(
        "PUT",
        _SEGMENT,
        segments.replace_segment,
        _WRITE,
        takes=segments.SegmentDesign,
        answers=_SHOWN_SEGMENT,
        refuses=(NotFound, ConfigurationInvalid),
        is_conditional=True,
    ),
    Route(
        "DELETE",
        _SEGMENT,
        segments.remove_segment,
        _WRITE,
        answers=_SHOWN_SEGMENT,
        refuses=(NotFound,),
        is_conditional=True,
    ),
    Route(
        "GET",
        f"{_SEGMENT}/count",
        segments.count_segment,
        _READ,
        takes=segments.CountQuery,
        answers={200: segments.CardCount},
        refuses=(NotFound,),
    ),
)
