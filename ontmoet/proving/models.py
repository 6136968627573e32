"""Tables of what somebody proves with who it is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ontmoet.db import Base, short_text, table_args
from ontmoet.kernel.tokens import new_public_id


class Passkey(Base):
    """The public half of a key that a device, or the safe of somebody's passwords, keeps for this site.

    `sign_count` is what the device last said; one that says less was copied.
    """

    __tablename__ = "passkey"
    __table_args__ = table_args(
        UniqueConstraint("public_id"),
        UniqueConstraint("credential_id"),
        Index(None, "person_id"),
        short_text("name", 60),
        CheckConstraint("sign_count >= 0", name="sign_count_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential_id: Mapped[str]
    public_key: Mapped[str]
    sign_count: Mapped[int]
    name: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class CodeApp(Base):
    """An app that shows a new code every half minute. Its secret is sealed for `seal_id`, with the token key.

    `last_step` is the half minute of the code that was used last: none before it works, nor that one again.
    """

    __tablename__ = "code_app"
    __table_args__ = table_args(UniqueConstraint("seal_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    seal_id: Mapped[str]
    sealed: Mapped[str]
    last_step: Mapped[int]
    added_at: Mapped[datetime]


class SpareCode(Base):
    """A code on paper, for when the phone is gone. Used once: then the row is gone. Only its keyed digest is
    stored.
    """

    __tablename__ = "spare_code"
    __table_args__ = table_args(UniqueConstraint("code_digest"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_digest: Mapped[str]
    made_at: Mapped[datetime]


class WorkAccount(Base):
    """The account of somebody's work, by what its issuer calls it for ever; never by an e-mail address."""

    __tablename__ = "work_account"
    __table_args__ = table_args(UniqueConstraint("issuer", "subject"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    issuer: Mapped[str]
    subject: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentProof(Base):
    """Something that proves once, and was used: a question to a passkey, a way back from elsewhere."""

    __tablename__ = "spent_proof"
    __table_args__ = table_args(Index(None, "valid_until"))

    digest: Mapped[str] = mapped_column(primary_key=True)
    valid_until: Mapped[datetime]
