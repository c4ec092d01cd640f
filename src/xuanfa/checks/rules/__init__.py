"""Reading text for what should not leave: rules as data with their basis, one module for each class, one engine."""
