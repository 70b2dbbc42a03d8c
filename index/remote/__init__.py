"""HTTP to model servers: addresses, requests, event streams, retries, errors."""
