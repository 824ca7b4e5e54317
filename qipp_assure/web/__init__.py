"""What all pages share: frame, form components, charts, filters, errors, headers, access."""
