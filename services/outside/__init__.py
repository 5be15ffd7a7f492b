"""Services at the public counter: applying without an account, how it stands, rating, taking it back."""
