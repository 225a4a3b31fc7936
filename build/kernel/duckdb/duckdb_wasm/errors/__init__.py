"""DuckDB's documented exceptions, and how its messages choose among them.

Source: https://duckdb.org/docs/stable/clients/python/reference/ (the hierarchy), and DuckDB's own prefixes
(`Binder Error: …`).
"""


class Error(Exception):
    """Base of every error that DuckDB raises."""


class Warning(Exception):
    """An important warning, as DB-API 2.0 has it; DuckDB raises none."""


class DatabaseError(Error): ...


class DataError(DatabaseError): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class InternalError(DatabaseError): ...


class ProgrammingError(DatabaseError): ...


class NotSupportedError(DatabaseError): ...


class ConversionException(DataError): ...


class OutOfRangeException(DataError): ...


class TypeMismatchException(DataError): ...


class FatalException(DatabaseError): ...


class IOException(OperationalError): ...


class HTTPException(IOException): ...


class OutOfMemoryException(OperationalError): ...


class SerializationException(OperationalError): ...


class ConnectionException(OperationalError): ...


class TransactionException(OperationalError): ...


class ConstraintException(IntegrityError): ...


class InternalException(InternalError): ...


class ParserException(ProgrammingError): ...


class SyntaxException(ProgrammingError): ...


class BinderException(ProgrammingError): ...


class CatalogException(ProgrammingError): ...


class InvalidInputException(ProgrammingError): ...


class InvalidTypeException(ProgrammingError): ...


class NotImplementedException(NotSupportedError): ...


class DependencyException(DatabaseError): ...


class InterruptException(DatabaseError): ...


class PermissionException(DatabaseError): ...


class SequenceException(DatabaseError): ...


BY_PREFIX: dict[str, type[Error]] = {
    "Binder Error": BinderException,
    "Catalog Error": CatalogException,
    "Connection Error": ConnectionException,
    "Constraint Error": ConstraintException,
    "Conversion Error": ConversionException,
    "Dependency Error": DependencyException,
    "FATAL Error": FatalException,
    "HTTP Error": HTTPException,
    "INTERNAL Error": InternalException,
    "INTERRUPT Error": InterruptException,
    "IO Error": IOException,
    "Invalid Input Error": InvalidInputException,
    "Invalid type Error": InvalidTypeException,
    "Mismatch Type Error": TypeMismatchException,
    "Not implemented Error": NotImplementedException,
    "Out of Memory Error": OutOfMemoryException,
    "Out of Range Error": OutOfRangeException,
    "Parser Error": ParserException,
    "Permission Error": PermissionException,
    "Sequence Error": SequenceException,
    "Serialization Error": SerializationException,
    "Syntax Error": SyntaxException,
    "TransactionContext Error": TransactionException,
}


def from_message(message: str) -> Error:
    """The exception that native DuckDB raises for a message, carrying that message."""
    return BY_PREFIX.get(message.partition(":")[0], Error)(message)


#: Every exception.
NAMES = tuple(
    name
    for name, found in list(globals().items())
    if isinstance(found, type) and issubclass(found, Exception)
)
