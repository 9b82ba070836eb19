"""What is asked for a token, and what one gets."""

from rest_framework import serializers

from core.serializers import StrictSerializer


class CredentialsSerializer(StrictSerializer):
    """A login and its password; ``otp`` is taken and not looked at yet."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1_000, trim_whitespace=False)
    otp = serializers.CharField(max_length=12, required=False, allow_blank=True, help_text="not looked at yet")


class TokenSerializer(serializers.Serializer):
    """The secret, shown this once."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
