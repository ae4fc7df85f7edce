"""Form parser: a stranger’s file in, a Reading with a doubt on what is not sure out."""
