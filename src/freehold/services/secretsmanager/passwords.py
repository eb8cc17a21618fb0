"""Random passwords, of the kinds of characters that are wanted. They may not know what they are for.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
"""

import string
from typing import Any

from freehold.kernel.ids import Ids
from freehold.services.secretsmanager import errors

LENGTH = 32

# Each kind of characters, with the member that leaves it out.
KINDS = {
    "ExcludeLowercase": string.ascii_lowercase,
    "ExcludeUppercase": string.ascii_uppercase,
    "ExcludeNumbers": string.digits,
    "ExcludePunctuation": string.punctuation,
}


def make(ids: Ids, request: dict[str, Any]) -> str:
    """Raises InvalidParameterException if nothing is left to choose from, or too little room for each kind."""
    banned = set(request.get("ExcludeCharacters", ""))
    kinds = [letters for member, letters in KINDS.items() if not request.get(member)]
    kinds += [" "] if request.get("IncludeSpace") else []
    kinds = [kept for letters in kinds if (kept := "".join(one for one in letters if one not in banned))]
    if not kinds:
        raise errors.InvalidParameterException(reason=errors.NO_CHARACTERS)
    length = request.get("PasswordLength", LENGTH)
    needed = kinds if request.get("RequireEachIncludedType", True) else []
    if len(needed) > length:
        raise errors.InvalidParameterException(reason=errors.PASSWORD_SHORT)
    chosen = [ids.text(1, letters) for letters in needed]
    chosen += list(ids.text(length - len(chosen), "".join(kinds)))
    return "".join(_shuffled(ids, chosen))


def _shuffled(ids: Ids, letters: list[str]) -> list[str]:
    """Fisher and Yates."""
    for last in range(len(letters) - 1, 0, -1):
        other = int(ids.random() * (last + 1))
        letters[last], letters[other] = letters[other], letters[last]
    return letters
