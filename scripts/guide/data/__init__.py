"""The guide as open data: records, tables and the files of `api/v1/`."""
