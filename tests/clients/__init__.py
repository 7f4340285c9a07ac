"""Takes the generated clients through one scenario against a real server; README.md describes how."""
