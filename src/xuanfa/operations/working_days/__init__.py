"""Working days: which days are worked, by the published plans and by what the office has brought in."""
