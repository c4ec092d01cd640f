"""Office files as they come from others (.docx, .xlsx): a zip of XML, opened so that nothing in it costs more than it may."""
