"""The images of a pass: rules, drawing, and files prepared for signing."""
