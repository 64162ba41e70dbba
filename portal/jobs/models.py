"""Signs of life of the workers."""

import datetime as dt

from sqlmodel import Field, SQLModel

from portal.db import UtcDateTime


class WorkerSign(SQLModel, table=True):
    """When the worker of this name last said that it is alive."""

    __tablename__ = "worker_sign"

    executor_id: str = Field(primary_key=True, max_length=64)
    started_at: dt.datetime = Field(sa_type=UtcDateTime)
    seen_at: dt.datetime = Field(sa_type=UtcDateTime)
    stopped_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
