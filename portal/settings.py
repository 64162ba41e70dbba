"""All settings, read once from PORTAL_* variables. `docs/running.md` has the same table in words."""

from typing import Annotated, Any, Self
from urllib.parse import urlsplit

import sqlalchemy as sa
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal.errors import ConfigurationError

DEMONSTRATION_SECRET = "for-the-demonstration-only-never-in-earnest"  # noqa: S105 - refused in earnest
MAIL = {"smtp", "smtps"}
TLS_REQUIRED = "tls=required"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HOW_TO_MAKE_A_SECRET = 'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'  # noqa: S105


class Settings(BaseSettings):
    """Frozen; every command and every test makes its own."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", frozen=True, extra="ignore")

    database_url: str = "sqlite:///var/portal.db"
    storage_url: str = "file:uploads"
    port: Annotated[int, Field(ge=1, le=65535, validation_alias=AliasChoices("PORT", "port"))] = 8000
    public_origin: str = ""
    s3_endpoint: str = ""
    demonstration: bool = False
    secret: SecretStr = SecretStr("")
    smtp_url: str = ""
    mail_from: str = "NEAR youth portal <portal@near.example>"
    mail_per_minute: Annotated[int, Field(ge=0)] = 0
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    executor_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = "portal-1"
    upload_limit_mb: Annotated[int, Field(ge=1, le=100)] = 10
    log_level: str = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _this_machine_by_default(cls, given: dict[str, Any]) -> dict[str, Any]:
        port = given.get("PORT") or given.get("port") or 8000
        return {**given, "public_origin": given.get("public_origin") or f"http://127.0.0.1:{port}"}

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("is one of DEBUG, INFO, WARNING, ERROR")
        return level.upper()

    @field_validator("public_origin")
    @classmethod
    def _an_origin(cls, origin: str) -> str:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("is an origin such as https://youth.example.org, without a path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, text: str) -> str:
        try:
            url = sa.make_url(text)
        except sa.exc.ArgumentError:
            raise ValueError("is a URL such as sqlite:///var/portal.db or postgresql://host/name") from None
        if url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise ValueError("names sqlite or postgresql; no other database is supported")
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @field_validator("storage_url")
    @classmethod
    def _a_storage(cls, url: str) -> str:
        if not url.startswith(("file:", "s3://")) or url in {"file:", "s3://"}:
            raise ValueError("is file:FOLDER or s3://BUCKET")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, url: str) -> str:
        if url and not _is_a_mail_server(url):
            raise ValueError(
                "is smtp://user:password@host:port (STARTTLS where offered; ?tls=required insists) or smtps://…"
            )
        return url

    @model_validator(mode="after")
    def _safe_in_earnest(self) -> Self:
        if self.demonstration:
            return self
        if len(self.secret.get_secret_value()) < 32:
            raise ValueError(f"PORTAL_SECRET is missing or shorter than 32 characters; {HOW_TO_MAKE_A_SECRET}")
        if not self.is_secure and urlsplit(self.public_origin).hostname not in LOOPBACK:
            raise ValueError("PORTAL_PUBLIC_ORIGIN must be https:// unless it is this machine itself")
        return self

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_secure(self) -> bool:
        return self.public_origin.startswith("https://")

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_origin).netloc

    @property
    def key(self) -> bytes:
        """The key of every keyed hash the portal makes."""
        return (self.secret.get_secret_value() or DEMONSTRATION_SECRET).encode()


def _is_a_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.port != 0 and parts.scheme in MAIL and bool(parts.hostname) and parts.query in {"", TLS_REQUIRED}
    except ValueError:  # a port that is none
        return False


def read_settings(**given: object) -> Settings:
    """Settings from the environment, `given` before it; a wrong one becomes a single clear sentence."""
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ConfigurationError(_first(error)) from None


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    reason = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return reason
    name = str(first["loc"][0]).upper()
    reason = reason if first["type"] == "value_error" else reason[0].lower() + reason[1:]
    return f"{name if name == 'PORT' else f'PORTAL_{name}'}: {reason}"
