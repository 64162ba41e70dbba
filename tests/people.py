"""The permanent cast. Made on first use, so that a test pays only for whom it names."""

from functools import cached_property

from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.registry.models import Government
from tests import make


class Cast:
    def __init__(self, session: Session) -> None:
        self.session = session

    @cached_property
    def home(self) -> Government:
        return make.government(self.session, "MN-1")

    @cached_property
    def host(self) -> Government:
        return make.government(self.session, "KR-47")

    @cached_property
    def elsewhere(self) -> Government:
        return make.government(self.session, "JP-32")

    @cached_property
    def applicant(self) -> Person:
        return make.person(self.session, "Applicant")

    @cached_property
    def other_applicant(self) -> Person:
        return make.person(self.session, "Other applicant")

    @cached_property
    def home_coordinator(self) -> Person:
        return make.coordinator(self.session, self.home, "Home coordinator")

    @cached_property
    def host_coordinator(self) -> Person:
        return make.coordinator(self.session, self.host, "Host coordinator")

    @cached_property
    def other_coordinator(self) -> Person:
        return make.coordinator(self.session, self.elsewhere, "Other coordinator")

    @cached_property
    def secretary(self) -> Person:
        return make.secretary(self.session)

    @cached_property
    def auditor(self) -> Person:
        made = make.person(self.session, "Auditor")
        make.grant(self.session, made, Role.AUDITOR)
        return made

    @cached_property
    def stranger(self) -> Person:
        """Signed in, and concerned by nothing."""
        return make.person(self.session, "Stranger")
