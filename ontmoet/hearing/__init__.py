"""How people hear from us: what each of them wants, and the call list for who has no e-mail."""
