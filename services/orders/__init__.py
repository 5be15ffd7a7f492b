"""Order (派单): somebody asks, somebody goes and does it."""
