"""The books as a whole: adjusting and moving value, expiring it, proving it, reporting on it."""
