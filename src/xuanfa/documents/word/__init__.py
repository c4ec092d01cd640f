"""Word documents (.docx), written by hand: some small files in a zip (ECMA-376, WordprocessingML), so that no library is needed for them
and the same content gives the same bytes."""
