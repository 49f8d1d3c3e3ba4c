"""The API's doors to programs: method, path, handler, and what each takes, answers and refuses."""

from gateway.domain.configurations.faults import ConfigurationInvalid
from gateway.domain.errors import NotFound
from gateway.domain.people import Permission
from gateway.domain.programs import ProgramCannot, RestoreTooLate
from gateway.web.api import (
    program_bulk,
    program_figures,
    program_lists,
    program_shapes,
    program_trials,
    programs,
    schemas,
)
from gateway.web.identity.access import Access, Door
from gateway.web.refusals import CursorInvalid
from gateway.web.routing import Route

_READ = Access(Door.API, Permission.PROGRAMS_READ)
_WRITE = Access(Door.API, Permission.PROGRAMS_WRITE)

_PROGRAMS = "/api/v1/programs"
_PROGRAM = _PROGRAMS + "/{program_id}"
_SHOWN = {200: program_shapes.Program}
_MADE = {201: program_shapes.CautionedProgram}

DESIGNING = (
    Route(
        "POST",
        _PROGRAMS,
        programs.design_program,
        _WRITE,
        takes=program_shapes.Design,
        answers=_MADE,
        refuses=(ConfigurationInvalid,),
    ),
    Route(
        "PUT",
        _PROGRAM,
        programs.publish_program,
        _WRITE,
        takes=program_shapes.Design,
        answers=_SHOWN,
        refuses=(NotFound, ProgramCannot, ConfigurationInvalid),
        is_conditional=True,
    ),
    Route(
        "POST",
        f"{_PROGRAM}/duplicate",
        programs.copy_program,
        _WRITE,
        answers=_MADE,
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        f"{_PROGRAMS}/validate",
        program_trials.validate_program,
        _READ,
        takes=program_shapes.Design,
        answers={200: program_trials.Validation},
    ),
    Route(
        "POST",
        f"{_PROGRAM}/evaluate",
        program_trials.evaluate_program,
        _READ,
        takes=program_trials.Attempted,
        answers={200: program_trials.Evaluation},
        refuses=(NotFound,),
    ),
)

STEERING = (
    Route(
        "POST",
        f"{_PROGRAM}/activate",
        programs.activate_program,
        _WRITE,
        answers={200: program_shapes.CautionedProgram},
        refuses=(NotFound, ProgramCannot),
        is_conditional=True,
    ),
    Route(
        "POST",
        f"{_PROGRAM}/restore",
        programs.restore_program,
        _WRITE,
        answers=_SHOWN,
        refuses=(NotFound, ProgramCannot, RestoreTooLate),
        is_conditional=True,
    ),
    *(
        Route(
            method,
            path,
            handler,
            _WRITE,
            answers=_SHOWN,
            refuses=(NotFound, ProgramCannot),
            is_conditional=True,
        )
        for method, path, handler in (
            ("POST", f"{_PROGRAM}/pause", programs.pause_program),
            ("POST", f"{_PROGRAM}/resume", programs.resume_program),
            ("POST", f"{_PROGRAM}/end", programs.end_program),
            ("DELETE", _PROGRAM, programs.delete_program),
        )
    ),
    Route(
        "POST",
        f"{_PROGRAMS}/bulk",
        program_bulk.command_many_programs,
        _WRITE,
        takes=program_bulk.BulkCommands,
        answers={200: program_bulk.BulkResults},
        body_bytes_max=program_bulk.BULK_BYTES_MAX,
    ),
)

READING = (
    Route(
        "GET",
        _PROGRAMS,
        program_lists.list_programs,
        _READ,
        takes=program_lists.ProgramsQuery,
        answers={200: program_lists.Programs},
        refuses=(CursorInvalid,),
    ),
    Route(
        "GET",
        "/api/v1/deleted-programs",
        programs.list_deleted_programs,
        _READ,
        answers={200: programs.DeletedPrograms},
    ),
    Route("GET", _PROGRAM, programs.show_program, _READ, answers=_SHOWN, refuses=(NotFound,)),
    Route(
        "GET",
        f"{_PROGRAM}/figures",
        program_figures.show_program_figures,
        _READ,
        answers={200: program_figures.ProgramFigures},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        f"{_PROGRAM}/versions",
        program_lists.list_program_versions,
        _READ,
        takes=program_lists.VersionsQuery,
        answers={200: program_lists.Versions},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        f"{_PROGRAM}/versions/{{number}}",
        program_lists.show_program_version,
        _READ,
        answers={200: program_lists.Version},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        f"{_PROGRAM}/version-changes",
        program_lists.compare_program_versions,
        _READ,
        takes=program_lists.DiffQuery,
        answers={200: program_lists.Changes},
        refuses=(NotFound,),
    ),
    Route(
        "GET",
        "/api/v1/templates",
        schemas.list_templates,
        _READ,
        answers={200: schemas.Templates},
    ),
    Route(
        "GET",
        "/api/v1/schemas",
        schemas.list_schemas,
        _READ,
        answers={200: schemas.SchemaNames},
    ),
    Route(
        "GET",
        "/api/v1/schemas/{name}",
        schemas.show_schema,
        _READ,
        answers={200: dict},
        refuses=(NotFound,),
    ),
)

PROGRAMS = (*READING, *DESIGNING, *STEERING)
