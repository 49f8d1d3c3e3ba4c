"""Numbers, progress, days and moments in words, as readers of each language write them."""

from datetime import date, datetime
from decimal import Decimal

from gateway.domain.progress import Counts, Progress
from gateway.domain.wording import Language, fill
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.phrases.phrases import Counting
from gateway.presenters.phrases.plurals import Plural


def number_text(number: int | str, language: Language) -> str:
    """Return a number with the marks of a language; a text is one as English writes it."""
    counting = PHRASES[language].counting
    english = number if isinstance(number, str) else f"{number:,}"
    return english.translate({ord(","): counting.thousands, ord("."): counting.decimal})


def plural_text(phrase: Plural, count: int, language: Language, **values: str) -> str:
    """Return the phrase for so many; nothing is counted like one thing where that is said so."""
    is_one = count == 1 or (count == 0 and PHRASES[language].counting.is_none_one)
    written = {"count": number_text(count, language)}
    return fill(phrase.one if is_one else phrase.many, written | values)


def points_text(number: Decimal, language: Language) -> str:
    """Return points, also broken ones: half a point, 1.5 points."""
    counting = PHRASES[language].counting
    is_one = 0 <= number < 2 if counting.is_none_one else number == 1  # noqa: PLR2004 -- grammar
    written = number_text(f"{number.normalize():,f}", language)
    if is_one:
        return counting.one_point.replace("1", written)
    return fill(counting.points, {"count": written})


def count_text(counts: Counts, count: int, language: Language) -> str:
    """Return so many of anything but money, such as `4 Stempel`."""
    counting = PHRASES[language].counting
    one, many = {
        Counts.PUNCHES: (counting.one_punch, counting.punches),
        Counts.POINTS: (counting.one_point, counting.points),
        Counts.VISITS: (counting.one_visit, counting.visits),
    }.get(counts, (counting.one_stamp, counting.stamps))
    return _counted(count, one, many, counting)


def rewards_text(count: int, language: Language) -> str:
    """Return so many rewards."""
    counting = PHRASES[language].counting
    return _counted(count, counting.one_reward, counting.rewards, counting)


def progress_text(progress: Progress, language: Language) -> str:
    """Return how far a card is, such as `6 von 10`; where nothing is to be filled, how much."""
    if progress.target is None:
        return progress_count(progress, progress.count, language)
    numbers = {
        "stamps": number_text(progress.written(progress.count), language),
        "target": number_text(progress.written(progress.target), language),
    }
    return fill(PHRASES[language].counting.progress, numbers)


def balance_text(progress: Progress, language: Language) -> str:
    """Return how far a card is with what it counts, such as `6 von 10 Stempeln`."""
    counting = PHRASES[language].counting
    phrase = {
        Counts.STAMPS: counting.stamps_of,
        Counts.PUNCHES: counting.punches_of,
        Counts.VISITS: counting.visits_of,
    }.get(progress.counts)
    if progress.target is None:
        return progress_count(progress, progress.count, language)
    if phrase is None:
        return f"{progress_text(progress, language)} {progress.unit}"
    return plural_text(phrase, progress.count, language, target=str(progress.target))


def progress_count(progress: Progress, count: int, language: Language) -> str:
    """Return so many of what a card counts, such as `4 Stempel` or `87,50 EUR`."""
    if progress.counts is Counts.MONEY:
        return f"{number_text(progress.written(count), language)} {progress.unit}"
    return count_text(progress.counts, count, language)


def day_text(day: date, language: Language, *, is_short: bool = False) -> str:
    """Return a day as its readers write it; `is_short` with the letters an SMS can afford."""
    counting = PHRASES[language].counting
    parts = {
        "day": counting.first if day.day == 1 and not is_short else str(day.day),
        "month": counting.months[day.month - 1],
        "number": str(day.month),
        "year": str(day.year),
    }
    return fill(counting.short_day if is_short else counting.day, parts)


def moment_text(moment: datetime, language: Language) -> str:
    """Return a moment of the last months, told by its own zone: Sat 21 Nov, 13:00."""
    counting = PHRASES[language].counting
    parts = {
        "weekday": counting.weekdays[moment.weekday()],
        "day": counting.first if moment.day == 1 else str(moment.day),
        "month": counting.short_months[moment.month - 1],
        "time": f"{moment:%H:%M}",
    }
    return fill(counting.moment, parts)


def _counted(count: int, one: str, many: str, counting: Counting) -> str:
    if count == 1:
        return one
    if count == 0 and counting.is_none_one:
        return one.replace("1", "0")
    return fill(many, {"count": f"{count:,}".replace(",", counting.thousands)})
