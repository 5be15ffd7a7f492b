"""Keeping no longer than needed: what a programme knows of people goes when its time is over (domain 5.5; 个人信息保护法 19, 47)."""
