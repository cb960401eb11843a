"""`tickdiscord test --mutate`: how good tests are, by how many small changes of a rule they notice."""
