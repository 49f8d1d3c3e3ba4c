"""The merchant's pages: method, path, handler, permission."""

from gateway.domain.people import Permission
from gateway.web.identity.access import PUBLIC, Access, Door
from gateway.web.merchant import (
    dashboard,
    logging_in,
    members,
    message_previews,
    message_wordings,
    messages,
    people,
    posters,
    previews,
    program_lists,
    program_reports,
    program_restoring,
    program_steering,
    programs,
    tills,
)
from gateway.web.parsing.bodies import Fields
from gateway.web.routing import Route, Style

PAGE = Style.PAGE

_LOG_IN = "/merchant/{merchant}/log-in"
_PROGRAM = "/merchant/programs/{program_id}"
_SIGNED_IN = Access(Door.MERCHANT)
_PROGRAMS_READ = Access(Door.MERCHANT, Permission.PROGRAMS_READ)
_PROGRAMS_WRITE = Access(Door.MERCHANT, Permission.PROGRAMS_WRITE)
_MEMBERS_READ = Access(Door.MERCHANT, Permission.MEMBERS_READ)
_TILLS_WRITE = Access(Door.MERCHANT, Permission.TILLS_WRITE)
_MESSAGES_WRITE = Access(Door.MERCHANT, Permission.MESSAGES_WRITE)

MERCHANT = (
    Route("GET", "/log-in", logging_in.find_shop, PUBLIC, style=PAGE),
    Route("POST", "/log-in", logging_in.go_to_shop, PUBLIC, takes=Fields, style=PAGE),
    Route("GET", _LOG_IN, logging_in.log_in_page, PUBLIC, style=PAGE),
    Route("POST", _LOG_IN, logging_in.log_in, PUBLIC, takes=Fields, style=PAGE),
    Route("POST", "/merchant/log-out", logging_in.log_out, _SIGNED_IN, style=PAGE),
    Route("GET", "/merchant", dashboard.dashboard, _PROGRAMS_READ, style=PAGE),
    Route(
        "GET",
        "/merchant/programs",
        program_lists.programs_page,
        _PROGRAMS_READ,
        takes=program_lists.ListQuery,
        style=PAGE,
    ),
    Route(
        "GET",
        "/merchant/deleted-programs",
        program_restoring.deleted_programs_page,
        _PROGRAMS_READ,
        style=PAGE,
    ),
    Route(
        "POST",
        "/merchant/programs/bulk",
        program_steering.steer_many_programs,
        _PROGRAMS_WRITE,
        takes=Fields,
        style=PAGE,
    ),
    Route(
        "GET",
        "/merchant/programs/new",
        programs.new_program,
        _PROGRAMS_WRITE,
        takes=programs.BeginningQuery,
        style=PAGE,
    ),
    Route(
        "POST",
        "/merchant/programs/new",
        programs.add_program,
        _PROGRAMS_WRITE,
        takes=Fields,
        style=PAGE,
    ),
    Route(
        "POST",
        "/merchant/programs/preview",
        previews.preview,
        _PROGRAMS_READ,
        takes=Fields,
        style=PAGE,
    ),
    Route("GET", _PROGRAM, programs.program_page, _PROGRAMS_READ, style=PAGE),
    Route("POST", _PROGRAM, programs.change_program, _PROGRAMS_WRITE, takes=Fields, style=PAGE),
    Route(
        "POST",
        f"{_PROGRAM}/status",
        program_steering.steer_program,
        _PROGRAMS_WRITE,
        takes=Fields,
        style=PAGE,
    ),
    Route(
        "GET",
        f"{_PROGRAM}/confirm",
        program_steering.confirm_program,
        _PROGRAMS_WRITE,
        takes=program_steering.ConfirmQuery,
        style=PAGE,
    ),
    Route(
        "POST",
        f"{_PROGRAM}/copy",
        program_steering.copy_program_page,
        _PROGRAMS_WRITE,
        style=PAGE,
    ),
    Route(
        "GET",
        f"{_PROGRAM}/history",
        program_lists.program_history,
        _PROGRAMS_READ,
        takes=program_lists.HistoryQuery,
        style=PAGE,
    ),
    Route(
        "GET",
        f"{_PROGRAM}/report",
        program_reports.program_report,
        _PROGRAMS_READ,
        takes=program_reports.ReportQuery,
        style=PAGE,
    ),
    Route(
        "GET",
        "/merchant/members",
        members.members,
        _MEMBERS_READ,
        takes=members.MembersQuery,
        style=PAGE,
    ),
    Route("POST", "/merchant/tills", tills.invite, _TILLS_WRITE, takes=Fields, style=PAGE),
    Route("POST", "/merchant/tills/{till_id}/unpair", tills.unpair, _TILLS_WRITE, style=PAGE),
    Route("POST", "/merchant/people", people.add_person, _TILLS_WRITE, takes=Fields, style=PAGE),
    Route(
        "POST",
        "/merchant/people/{staff_id}/let-go",
        people.remove_person,
        _TILLS_WRITE,
        style=PAGE,
    ),
    Route(
        "GET",
        "/merchant/locations/{location_id}/poster",
        posters.poster,
        _PROGRAMS_READ,
        style=PAGE,
    ),
)

_MESSAGES = "/merchant/messages"
_WORDING = f"{_MESSAGES}/{{event}}/{{medium}}/{{language}}"

MESSAGES = (
    Route(
        "GET",
        _MESSAGES,
        messages.messages,
        _MESSAGES_WRITE,
        takes=messages.MessagesQuery,
        style=PAGE,
    ),
    Route(
        "GET", f"{_MESSAGES}/{{event}}", message_wordings.event_words, _MESSAGES_WRITE, style=PAGE
    ),
    Route(
        "GET",
        _WORDING,
        message_wordings.wording_page,
        _MESSAGES_WRITE,
        takes=messages.MessagesQuery,
        style=PAGE,
    ),
    Route(
        "GET", f"{_WORDING}/mail", message_previews.preview_kept_mail, _MESSAGES_WRITE, style=PAGE
    ),
    *(
        Route("POST", path, handler, _MESSAGES_WRITE, takes=Fields, style=PAGE)
        for path, handler in (
            (_MESSAGES, messages.change_messages),
            (_WORDING, message_wordings.change_wording),
            (f"{_WORDING}/preview", message_previews.preview_wording),
            (f"{_WORDING}/mail", message_previews.preview_typed_mail),
        )
    ),
    Route("POST", f"{_WORDING}/test", message_wordings.try_words, _MESSAGES_WRITE, style=PAGE),
)
