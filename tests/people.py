"""The people of every test: ada owns, bob is a member, eve is a stranger, nobody is anonymous."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who asks; nobody has neither name nor password."""

    name: str
    password: str
    fullname: str

    @property
    def email(self) -> str:
        """The address this person signs up with."""
        return f"{self.name}@example.org"


ROOT = Person("root-of-all", "keeper of the very keys", "Root of All")
ADA = Person("ada", "analytical engine no. 1", "Ada Lovelace")
BOB = Person("bob", "building with bob 42", "Bob 建造者")
EVE = Person("eve", "eavesdropper's choice 7", "Eve Stranger")
NOBODY = Person("", "", "")

PEOPLE = (ADA, BOB, EVE)
LAB = "lab"  # ada's organisation; bob is a member of it, eve is not
