"""Memory: the only room that speaks SQL; it returns domain data, never rows."""
