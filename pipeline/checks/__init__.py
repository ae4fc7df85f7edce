"""Reading → Record or Refused: the schema, the formation's rules, the law."""
