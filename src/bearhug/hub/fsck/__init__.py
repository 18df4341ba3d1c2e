"""Whether rows, references and stored bytes agree; mends what is safe to mend."""
