"""Log lines as JSON: what happened, where, and the frames of an error; never local variables or request bodies."""

from __future__ import annotations

import datetime
import json
import logging
import traceback

FIELDS = ("status_code", "task_name", "task_id", "job", "number")


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
        }
        line |= {name: value for name in FIELDS if isinstance(value := getattr(record, name, None), str | int)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def describe(error: BaseException) -> list[str]:
    """Name the error and its frames. The message of a database error quotes values of the row, so it stays out."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return [type(error).__qualname__, *lines, *(describe(error.__cause__) if error.__cause__ else [])]
