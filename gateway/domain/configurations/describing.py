"""Describing: JSON Schema 2020-12 of the types that `reading` reads."""

from dataclasses import dataclass, field
from enum import StrEnum

from gateway.domain.configurations.keywords import SCALARS, Schema, keywords
from gateway.domain.configurations.shapes import (
    REQUIRED,
    TAG,
    Choice,
    Either,
    Listing,
    Maybe,
    Member,
    Record,
    Scalar,
    Shape,
    Table,
    record_of,
)
from gateway.domain.configurations.writing import written_value

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/{name}"


def json_schema(kind: type) -> Schema:
    """Return the JSON Schema 2020-12 of a frozen dataclass.

    Whatever the schema refuses, `read` refuses. The reader is stricter where the schema cannot
    follow: fields that must fit together, the size of a number that is written as a text, hidden
    characters, and a whole number that is written as 1.0.
    """
    return {
        "$schema": DIALECT,
        "$ref": REFERENCE.format(name=kind.__name__),
        "$defs": definitions(kind),
    }


def definitions(kind: type, reference: str = REFERENCE) -> dict[str, Schema]:
    """Return the schemas of a frozen dataclass and of all it is made of, by the classes' names.

    `reference` is how one refers to another, such as "#/components/schemas/{name}" in OpenAPI.
    """
    writer = _Writer(reference)
    writer.record(record_of(kind))
    return dict(sorted(writer.definitions.items()))


@dataclass(slots=True)
class _Writer:
    """Writes schemas, and keeps those that have a name."""

    reference: str
    definitions: dict[str, Schema] = field(default_factory=dict)

    def record(self, shape: Record) -> Schema:
        """Return a reference to the schema of a record."""
        if shape.kind.__name__ not in self.definitions:
            self.definitions[shape.kind.__name__] = self._object(shape)
        return self._reference(shape.kind)

    def _reference(self, kind: type) -> Schema:
        return {"$ref": self.reference.format(name=kind.__name__)}

    def _object(self, shape: Record) -> Schema:
        properties: Schema = {member.name: self._member(member) for member in shape.members}
        required = [member.name for member in shape.members if member.default is REQUIRED]
        if shape.tag is not None:
            properties = {TAG: {"const": shape.tag}} | properties
            required.insert(0, TAG)
        return {
            "description": _first_paragraph(shape.kind),
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def _member(self, member: Member) -> Schema:
        schema = self._schema(member.shape)
        if member.default is not REQUIRED:
            schema = schema | {"default": written_value(member.default)}
        return schema

    def _schema(self, shape: Shape) -> Schema:
        if isinstance(shape, Scalar | Record | Choice):
            return self._named(shape)
        match shape:
            case Listing():
                return {"type": "array", "items": self._schema(shape.item)}
            case Table():
                return self._table(shape)
            case Maybe():
                return {"anyOf": [self._schema(shape.inner), {"type": "null"}]}
            case Either():
                return {"anyOf": [self._schema(option) for option in shape.options]}
            case _:
                noun = "Properties" if isinstance(shape.inner, Table) else "Items"
                return self._schema(shape.inner) | keywords(shape.limits, noun)

    def _named(self, shape: Scalar | Record | Choice) -> Schema:
        match shape:
            case Scalar():
                return self._scalar(shape)
            case Record():
                return self.record(shape)
            case _:
                return self._choice(shape)

    def _table(self, shape: Table) -> Schema:
        return {
            "type": "object",
            "propertyNames": self._schema(shape.key),
            "additionalProperties": self._schema(shape.value),
        }

    def _scalar(self, shape: Scalar) -> Schema:
        if not issubclass(shape.kind, StrEnum):
            return SCALARS[shape.kind]
        self.definitions[shape.kind.__name__] = {
            "description": _first_paragraph(shape.kind),
            "enum": [str(member) for member in shape.kind],
        }
        return self._reference(shape.kind)

    def _choice(self, shape: Choice) -> Schema:
        references = {str(record.tag): self.record(record) for record in shape.records}
        mapping = {tag: reference["$ref"] for tag, reference in references.items()}
        return {
            "oneOf": list(references.values()),
            "discriminator": {"propertyName": TAG, "mapping": mapping},
        }


def _first_paragraph(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split())
