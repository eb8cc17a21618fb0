"""Secrets: what was acknowledged can be opened after any death, and a value put twice by its token is one version."""

from tests.simulation.clients import Scenario

VALUES, TEXTS, TURNS = 20, 20, 6


def token(number: int) -> str:
    return f"value-{number:026d}"


class Sealed(Scenario):
    """One client changes a secret, one encrypts, and one rotates the key that both of them use."""

    rooms = ("kms", "secretsmanager")

    def __init__(self) -> None:
        self.value, self.texts, self.turns = 0, list(range(TEXTS)), TURNS
        self.ciphertexts: dict[int, bytes] = {}

    async def prepare(self, client):
        self.key = (await client("kms", "CreateKey"))["KeyMetadata"]["KeyId"]
        await client(
            "secretsmanager", "CreateSecret", Name="s", KmsKeyId=self.key, SecretString="0",
            ClientRequestToken=token(0),
        )  # fmt: skip

    def clients(self, client):
        return [self.change(client), self.encrypt(client), self.rotate(client)]

    async def change(self, client):
        """A value whose answer was lost is put again."""
        while self.value < VALUES:
            number = self.value + 1
            await client(
                "secretsmanager", "PutSecretValue", SecretId="s", SecretString=str(number),
                ClientRequestToken=token(number),
            )  # fmt: skip
            self.value = number

    async def encrypt(self, client):
        while self.texts:
            number = self.texts[0]
            context = {"number": str(number)}
            answer = await client("kms", "Encrypt", KeyId=self.key, Plaintext=b"text", EncryptionContext=context)
            self.ciphertexts[self.texts.pop(0)] = answer["CiphertextBlob"]

    async def rotate(self, client):
        while self.turns:
            self.turns -= 1
            await client("kms", "RotateKeyOnDemand", KeyId=self.key)
            await client.sleep(1.0)

    async def check(self, client):
        for number, blob in self.ciphertexts.items():
            context = {"number": str(number)}
            assert (await client("kms", "Decrypt", CiphertextBlob=blob, EncryptionContext=context))[
                "Plaintext"
            ] == b"text"
        told = await client("secretsmanager", "DescribeSecret", SecretId="s")
        assert told["VersionIdsToStages"] == {token(VALUES): ["AWSCURRENT"], token(VALUES - 1): ["AWSPREVIOUS"]}
        for number in range(VALUES + 1):
            read = await client("secretsmanager", "GetSecretValue", SecretId="s", VersionId=token(number))
            assert read["SecretString"] == str(number)


def test_what_was_acknowledged_can_be_opened(simulate):
    simulate(Sealed())
