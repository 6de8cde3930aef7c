"""Problems: what signals add up to, what people do about them, their live cards."""
