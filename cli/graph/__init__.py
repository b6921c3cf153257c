"""Pictures of an app: the flows of its tools and the lives of its entities, with what the safety engine found."""
