"""Operations: one verb per file, each owning its transactions. Engines and consoles call these and nothing deeper."""
