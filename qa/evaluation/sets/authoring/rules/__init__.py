"""Questions made of documents by rules, without a model: definitions, dates, posts, tables, headings."""
