"""Claim (申领): somebody asks, somebody checks, it is published, money is paid."""
