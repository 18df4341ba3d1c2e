"""What is new at home: one's own repositories, and the deeds of those whom one follows."""
